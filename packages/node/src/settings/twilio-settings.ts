// Twilio as texter, by environment.
import { readBaseUrl, refuseWithout, shown, type VariableReading } from './variable-reading.ts';

/** Twilio, and where it is said whether one may be texted. */
export interface TwilioSettings {
  readonly accountSid: string;
  readonly authToken: string;
  readonly messagingServiceSid: string;
  /** Slug of the booking page's question; null: none is asked. */
  readonly consentField: string | null;
  /** The contact's property in the CRM that says the same; null: the CRM is not asked. */
  readonly consentProperty: string | null;
  /** Null: Twilio's own. */
  readonly baseUrl: string | null;
}

const others = [
  'TWILIO_AUTH_TOKEN',
  'TWILIO_MESSAGING_SERVICE_SID',
  'SMS_CONSENT_FIELD',
  'SMS_CONSENT_PROPERTY',
  'TWILIO_BASE_URL',
];

/** Every variable that is looked at here. */
export const twilioVariables: readonly string[] = ['TWILIO_ACCOUNT_SID', ...others];

/** Null: nobody is texted. No sentence repeats the token. */
export function readTwilioSettings(reading: VariableReading): TwilioSettings | null {
  const { value, fault } = reading;
  const accountSid = value('TWILIO_ACCOUNT_SID');
  if (accountSid === null) {
    refuseWithout(reading, { name: 'TWILIO_ACCOUNT_SID', meaning: 'the SID of a Twilio account' }, others);
    return null;
  }
  if (!/^AC[0-9a-fA-F]{32}$/.test(accountSid)) {
    // Not shown: it may be the token, taken for it.
    fault('TWILIO_ACCOUNT_SID is no account: give AC and 32 hex digits.');
  }
  const messagingServiceSid = needed('TWILIO_MESSAGING_SERVICE_SID', "a messaging service's SID (MG...)");
  if (messagingServiceSid !== '' && !/^MG[0-9a-fA-F]{32}$/.test(messagingServiceSid)) {
    fault(
      `TWILIO_MESSAGING_SERVICE_SID is ${shown(messagingServiceSid)}, which is no messaging service: give MG and 32 hex digits.`,
    );
  }
  return {
    accountSid,
    authToken: needed('TWILIO_AUTH_TOKEN', "the account's token"),
    messagingServiceSid,
    ...readConsent(reading),
    baseUrl: readBaseUrl(reading, 'TWILIO_BASE_URL'),
  };

  function needed(name: string, meaning: string): string {
    const text = value(name);
    if (text === null) fault(`${name} is not set, but TWILIO_ACCOUNT_SID is: give ${meaning}.`);
    return text ?? '';
  }
}

/** Where consent is said: without any of the two nobody may be texted. */
function readConsent({
  value,
  fault,
}: VariableReading): Pick<TwilioSettings, 'consentField' | 'consentProperty'> {
  const consentField = value('SMS_CONSENT_FIELD');
  const consentProperty = value('SMS_CONSENT_PROPERTY');
  if (consentField === null && consentProperty === null) {
    fault(
      "SMS_CONSENT_FIELD is not set, but TWILIO_ACCOUNT_SID is: give the identifier of the booking question whether one may be texted, or in SMS_CONSENT_PROPERTY the contact's property in the CRM that says so; without them nobody is.",
    );
  }
  return { consentField, consentProperty };
}
