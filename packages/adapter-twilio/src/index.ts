// @precall/adapter-twilio: everything public, by hand.
export { twilioSignature } from './signature.ts';
export { createTwilioTexter, type TwilioTexter, type TwilioTexterOptions } from './twilio-texter.ts';
