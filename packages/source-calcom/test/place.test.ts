import { describe, expect, it } from 'vitest';
import { sampleWith, updateOf } from './samples.ts';

const bare = { location: undefined, metadata: undefined, videoCallData: undefined, responses: {} };
const placeOf = (fields: { [name: string]: unknown }, file = 'BOOKING_CREATED') =>
  updateOf(sampleWith(file, { ...bare, ...fields })).place;
const newPlace = (fields: { [name: string]: unknown }) => {
  const webhook = sampleWith('BOOKING_REASSIGNED', { ...bare, ...fields });
  return updateOf({ ...webhook, triggerEvent: 'BOOKING_LOCATION_UPDATED' }).place;
};
const answered = (optionValue: string, value = 'phone') => ({
  location: { label: 'location', value: { value, optionValue } },
});
const video = 'https://app.cal.com/video/abc';
const other = 'https://meet.example.com/xyz';

describe('the place of a booking', () => {
  it('is the video link, then the one of the call data, then the location', () => {
    const all = {
      metadata: { videoCallUrl: video },
      videoCallData: { url: other },
      location: 'https://third.example',
    };
    expect(placeOf(all)).toEqual({ kind: 'link', url: video });
    expect(placeOf({ ...all, metadata: {} })).toEqual({ kind: 'link', url: other });
    expect(placeOf({ ...all, metadata: null, videoCallData: null })).toEqual({
      kind: 'link',
      url: 'https://third.example',
    });
  });

  it.each([
    ['integrations:daily', { kind: 'pending' }],
    ['integrations:google:meet', { kind: 'pending' }],
    ['  https://zoom.us/j/1?pwd=x  ', { kind: 'link', url: 'https://zoom.us/j/1?pwd=x' }],
    ['HTTP://zoom.us/j/1', { kind: 'link', url: 'HTTP://zoom.us/j/1' }],
    ['+385 1 234-567', { kind: 'phone', number: '+385 1 234-567' }],
    ['(020) 7946.0018', { kind: 'phone', number: '(020) 7946.0018' }],
    ['12345', { kind: 'address', text: '12345' }],
    ['Ilica 1, 10000 Zagreb', { kind: 'address', text: 'Ilica 1, 10000 Zagreb' }],
    ['Ilica 1\r\nBcc: x@example.com', { kind: 'address', text: 'Ilica 1  Bcc: x@example.com' }],
    ['https://zoom.us/j/1 passcode 42', { kind: 'address', text: 'https://zoom.us/j/1 passcode 42' }],
    ['javascript:alert(1)', { kind: 'address', text: 'javascript:alert(1)' }],
    ['//evil.example', { kind: 'address', text: '//evil.example' }],
    ['https://', { kind: 'pending' }],
    ['https://zoom.us/\t1', { kind: 'pending' }],
    ['https://zoom.us/\u00001', { kind: 'pending' }],
    [`https://zoom.us/${'1'.repeat(2_000)}`, { kind: 'pending' }],
    ['', null],
    ['   ', null],
    [null, null],
    [undefined, null],
    [{ toString: 'https://zoom.us' }, null],
  ])('for the location %j is %j', (location, place) => {
    expect(placeOf({ location })).toEqual(place);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'ftp://x.example', 'call me', '', null, 5])(
    'is never the video link %j, which anybody may have supplied',
    (videoCallUrl) => {
      expect(placeOf({ metadata: { videoCallUrl }, location: 'integrations:daily' })).toEqual({
        kind: 'pending',
      });
      expect(placeOf({ metadata: { videoCallUrl }, location: other })).toEqual({ kind: 'link', url: other });
    },
  );

  it('is pending, not the street, when the link that exists cannot be used', () => {
    const videoCallUrl = `https://x.example/${'1'.repeat(2_000)}`;
    expect(placeOf({ metadata: { videoCallUrl }, location: 'Ilica 1' })).toEqual({ kind: 'pending' });
  });

  it('is cut to 500 characters', () => {
    expect(placeOf({ location: 'a'.repeat(501) })).toEqual({ kind: 'address', text: 'a'.repeat(500) });
  });

  it('is what the booker answered where the location only names its kind', () => {
    expect(placeOf({ location: 'phone', responses: answered('+385 1 234 567') })).toEqual({
      kind: 'phone',
      number: '+385 1 234 567',
    });
    expect(placeOf({ location: 'attendeeInPerson', responses: answered('Ilica 1') })).toEqual({
      kind: 'address',
      text: 'Ilica 1',
    });
    expect(placeOf({ location: 'attendeeInPerson', responses: {} })).toBeNull();
  });

  it('is not what the booker answered where the location says more', () => {
    expect(placeOf({ location: 'Ilica 1', responses: answered('+385 1 234 567') })).toEqual({
      kind: 'address',
      text: 'Ilica 1',
    });
  });
});

describe('the place after BOOKING_LOCATION_UPDATED', () => {
  const old = { metadata: { videoCallUrl: video }, videoCallData: { url: video } };

  it('is the new location, though the old link is still in the metadata', () => {
    expect(newPlace({ ...old, location: other })).toEqual({ kind: 'link', url: other });
    expect(newPlace({ ...old, location: '+385 1 234 567' })).toEqual({
      kind: 'phone',
      number: '+385 1 234 567',
    });
    expect(newPlace({ location: other })).toEqual({ kind: 'link', url: other });
  });

  it('is the link the new app made, never the previous location', () => {
    const fields = { location: 'integrations:zoom', metadata: { videoCallUrl: other } };
    expect(newPlace(fields)).toEqual({ kind: 'link', url: other });
    expect(newPlace({ ...fields, previousLocation: other })).toEqual({ kind: 'pending' });
    expect(newPlace({ location: 'integrations:zoom' })).toEqual({ kind: 'pending' });
  });

  it('is none when the location was taken away', () => {
    for (const location of ['', null, 'phone'])
      expect(newPlace({ ...old, location })).toEqual({ kind: 'none' });
  });

  it('is not said when there is no location', () => {
    expect(newPlace(old)).toBeNull();
  });
});
