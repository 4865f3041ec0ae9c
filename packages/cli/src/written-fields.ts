// Which properties of the CRM are written, in words: a newcomer's CRM has other ones than the first owner's.
import type { Projection } from '@precall/core';

/** To follow what is said of the CRM. */
export function writtenFields({ properties, campaign }: Projection): string {
  const { status, callDate, campaignStatus, confirmed } = properties;
  const named = [status, callDate, campaignStatus, confirmed].filter((name) => name !== null);
  const written = named.length > 0 ? named.join(', ') : 'nothing';
  return `; written: ${written}; campaign: ${campaign ?? 'none'} (policy.projection)`;
}
