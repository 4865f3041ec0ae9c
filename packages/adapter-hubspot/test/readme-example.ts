import { createHubspotCrm } from '@precall/adapter-hubspot';
import type { Crm } from '@precall/core';
import { createSystemClock } from '@precall/node';

export function hubspot({ token, baseUrl }: { token: string; baseUrl?: string }): Crm {
  return createHubspotCrm({
    token, // of a private app
    clock: createSystemClock(),
    membership: {
      campaignProperty: 'Campaigns', // checkboxes, say: Christmas 2025
      sentProperties: { '72h': 'Reminder 72h sent' }, // none unless named
    },
    ...(baseUrl && { baseUrl }), // such as that of startHubspotStandIn of @precall/testing/stand-ins
  });
}
