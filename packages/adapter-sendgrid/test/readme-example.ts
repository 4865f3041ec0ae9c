import { createSendgridMailer, type SendgridMailer } from '@precall/adapter-sendgrid';
import { createSystemClock } from '@precall/node';

export function sendgrid({ apiKey, baseUrl }: { apiKey: string; baseUrl?: string }): SendgridMailer {
  return createSendgridMailer({
    apiKey,
    from: { email: 'calls@example.com', name: 'Ada at Example' },
    clock: createSystemClock(),
    ...(baseUrl && { baseUrl }), // such as that of startSendgridStandIn of @precall/testing/stand-ins
    // eventsPublicKey: the verification key of the signed event webhook
  });
}
