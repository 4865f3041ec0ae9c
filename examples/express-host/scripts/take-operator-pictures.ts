// Takes the pictures of the operator's pages, in light and dark, wide and narrow, into docs/pictures: a week of bookings as
// a host would show it.
import { writeFile } from 'node:fs/promises';
import { openBrowser, pictureFile, shades, takePicture } from './picture.ts';
import { showPlayedWeek } from './played-week.ts';

const wide = { width: 1280, height: 900 };
const narrow = { width: 390, height: 844 };

const week = await showPlayedWeek();
const browser = await openBrowser();
try {
  await takeAll([
    ['operator', '/operator'],
    ['operator-bookings', '/operator/bookings?q=example'],
    ['operator-booking', '/operator/bookings/calcom%3Ahugo-1'],
    ['operator-booking-cancelled', '/operator/bookings/calcom%3Aben-1'],
    ['operator-booking-stopped', '/operator/bookings/calcom%3Aemma-1'],
    ['operator-policy', '/operator/policy?start=2026-12-03T15:00&agreed=2026-12-01T10:00&zone=Europe/Berlin'],
  ]);
  await week.playToTheEnd();
  await takeAll([
    ['operator-outcomes', '/operator/outcomes'],
    ['operator-booking-no-show', '/operator/bookings/calcom%3Achloe-1'],
  ]);
} finally {
  await browser.close();
  await week.stop();
}

async function takeAll(pages: readonly (readonly [name: string, path: string])[]): Promise<void> {
  for (const [name, path] of pages)
    for (const shade of shades) {
      const show = { wide: [wide, name], narrow: [narrow, `${name}-narrow`] } as const;
      for (const [size, as] of Object.values(show)) {
        const picture = await takePicture(browser, { ...size, shade }, (page) =>
          page.goto(week.baseUrl + path),
        );
        await writeFile(pictureFile(as, shade), picture);
      }
    }
}
