import { createNotionCrm } from '@precall/adapter-notion';
import type { Crm } from '@precall/core';
import { createSystemClock } from '@precall/node';

export function notion({ token, baseUrl }: { token: string; baseUrl?: string }): Crm {
  return createNotionCrm({
    token,
    clock: createSystemClock(),
    contacts: { database: '11111111111111111111111111111111' }, // from its address, before ?v=
    sequence: {
      database: '22222222222222222222222222222222',
      sentProperties: { '72h': 'Call mail 1 sent' }, // none unless named
    },
    ...(baseUrl && { baseUrl }), // such as that of startNotionStandIn of @precall/testing/stand-ins
  });
}
