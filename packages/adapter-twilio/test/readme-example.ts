import { createTwilioTexter, type TwilioTexter } from '@precall/adapter-twilio';
import { createSystemClock } from '@precall/node';

export function twilio(account: {
  accountSid: string;
  authToken: string;
  messagingServiceSid: string;
  baseUrl?: string;
}): TwilioTexter {
  return createTwilioTexter({
    ...account, // `baseUrl`: such as that of startTwilioStandIn of @precall/testing/stand-ins
    clock: createSystemClock(),
    callbackUrl: 'https://calls.example.com/webhook/twilio',
  });
}
