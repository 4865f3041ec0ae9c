// The parts of somebody's own server, each asked about itself by its port.
import { createMemoryStore } from '@precall/adapter-memory';
import {
  type BookingSource,
  type Clock,
  defaultPolicy,
  Ok,
  type PortResult,
  type SchemaFault,
} from '@precall/core';
import { createPrecall, readPartSettings, type Variables } from '@precall/node';
import { ask } from './ask-parts.ts';
import { asked, type Diagnosis, diagnosisOf, notAsked, type PartName, type PartReport } from './diagnosis.ts';
import { type FoundParts, type HostParts, hasFunction } from './host-parts.ts';
import { pingWebhook } from './ping-webhook.ts';
import { zoneFaults } from './time-zones.ts';
import { writtenFields } from './written-fields.ts';

/** As `examine`, of what a server gives to `createPrecall`. Nothing is started. */
export async function examineParts(
  { file, parts }: FoundParts,
  {
    clock,
    variables,
    url,
  }: { readonly clock: Clock; readonly variables: Variables; readonly url: string | null },
): Promise<Diagnosis> {
  const { source, policy = defaultPolicy } = parts;
  return diagnosisOf(
    await Promise.all([
      asked('configuration', `the parts of ${file}`, faultsTogether(parts, file)),
      askSource(source, clock),
      askPart('crm', 'crm', parts, `${writtenFields(policy.projection)}: looked up if describe() does`),
      askPart('mail', 'mailer', parts),
      askPart('texting', 'texter', parts),
      askPart('calendar', 'calendar', parts),
      askPart('store', 'store', parts),
      asked('time zones', `zone data ${process.versions.tz}`, zoneFaults()),
      askWebhook(source, variables, url),
    ]),
  );
}

/** What `createPrecall` refuses, such as a rule that goes by text where nothing sends texts. */
function faultsTogether(parts: HostParts, file: string): readonly SchemaFault[] {
  try {
    createPrecall({ ...parts, store: createMemoryStore() });
    return [];
  } catch (cause) {
    const fault = cause instanceof Error ? cause.message : 'It cannot be used.';
    return [{ where: file, fault, cure: 'Mend what this sentence names.' }];
  }
}

const anHour = { hours: 1 } as const;

async function askSource(source: BookingSource, clock: Clock): Promise<PartReport> {
  const { name, api } = source;
  const signed = isOpen(source)
    ? 'takes what is NOT signed: ANYBODY who reaches the host can book and cancel'
    : 'refuses what is not signed';
  if (!api) return asked('source', `${name}: ${signed}; has no api: a webhook that is lost stays lost`, []);
  const about = `${name}: ${signed}; what changed since an hour ago`;
  const since = clock.now().subtract(anHour);
  const describe = async () =>
    (await api.changedSince(since, { limit: 1, cursor: null })).map((): readonly SchemaFault[] => []);
  return await ask({ part: 'source', about, where: 'source.api' }, async () => Ok({ describe }));
}

function isOpen(source: BookingSource): boolean {
  return source.verify({ 'content-type': ['application/json'] }, Buffer.from('{}')) === 'authentic';
}

/** A part tells by `describe` what is wrong with its set-up; the CRM's and the calendar's ports ask for one. */
async function askPart(
  part: PartName,
  option: 'crm' | 'mailer' | 'texter' | 'calendar' | 'store',
  parts: HostParts,
  more = '',
): Promise<PartReport> {
  const given: unknown = parts[option];
  if (given === undefined) return notAsked(part, `the parts have no \`${option}\``);
  if (!isDescribable(given)) return notAsked(part, `the \`${option}\` has no describe() to be asked by`);
  return await ask({ part, about: `the \`${option}\`, by its describe()${more}`, where: option }, async () =>
    Ok({ describe: () => given.describe() }),
  );
}

function isDescribable(part: unknown): part is { describe(): PortResult<readonly SchemaFault[]> } {
  return hasFunction(part, 'describe');
}

/** The PING is Cal.com's, and signed with the secret that only its source and the variables know. */
async function askWebhook(
  source: BookingSource,
  variables: Variables,
  url: string | null,
): Promise<PartReport> {
  if (url === null) return notAsked('webhook', 'give --url to have it pinged');
  if (source.name !== 'calcom')
    return notAsked('webhook', `only Cal.com's is pinged, not that of ${source.name}`);
  const { calcom } = readPartSettings(variables, { fault: () => undefined });
  if ('unsigned' in calcom && !isOpen(source))
    return notAsked('webhook', 'set CALCOM_WEBHOOK_SECRET to have it pinged: a PING is signed with it');
  return asked('webhook', `a signed PING to ${url}`, await pingWebhook(url, calcom));
}
