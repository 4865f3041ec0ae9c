// Notion as CRM, by environment.
import { defaultProjection } from '@precall/core';
import { readBaseUrl, refuseWithout, shown, type VariableReading } from './variable-reading.ts';

/** Notion's databases, as the environment names them. */
export interface NotionSettings {
  readonly token: string;
  /** Id of the database of contacts, as in its address. */
  readonly contactsDatabase: string;
  /** Id of the database of campaign memberships; null: none is kept. */
  readonly sequenceDatabase: string | null;
  /** By rule: the date property of a membership that marks its reminder as sent. */
  readonly sentProperties: { readonly [rule: string]: string };
  /** The contact's property that shows who said they will be there; `choice`: the option of a select or status. Null: none. */
  readonly confirmed: { readonly property: string; readonly choice: string | null } | null;
  /** Null: Notion's own. */
  readonly baseUrl: string | null;
}

const database = "the database's id, the 32 characters before ?v= in its address";

/** `rules`: the names of the rules that can be marked. */
export function readNotionSettings(
  reading: VariableReading,
  rules: readonly string[],
): NotionSettings | null {
  const { value, fault } = reading;
  const token = value('NOTION_TOKEN');
  if (token === null) {
    refuseWithout(reading, { name: 'NOTION_TOKEN', meaning: "the integration's secret" }, [
      'NOTION_BUSINESSX_DB_ID',
      'NOTION_EMAIL_SEQUENCE_DB_ID',
      'NOTION_SENT_PROPERTIES',
      'NOTION_CONFIRMED_PROPERTY',
      'NOTION_EMAIL_TEMPLATES_DB_ID',
      'NOTION_BASE_URL',
    ]);
    return null;
  }
  if (value('NOTION_BUSINESSX_DB_ID') === null) {
    fault(`NOTION_BUSINESSX_DB_ID is not set, but NOTION_TOKEN is: give ${database}.`);
  }
  const sequenceDatabase = readDatabase('NOTION_EMAIL_SEQUENCE_DB_ID', reading);
  if (sequenceDatabase === null) {
    const main = { name: 'NOTION_EMAIL_SEQUENCE_DB_ID', meaning: 'the database whose entries are marked' };
    refuseWithout(reading, main, ['NOTION_SENT_PROPERTIES']);
  }
  return {
    token,
    contactsDatabase: readDatabase('NOTION_BUSINESSX_DB_ID', reading) ?? '',
    sequenceDatabase,
    sentProperties: readSentProperties(reading, rules),
    confirmed: readConfirmed(reading),
    baseUrl: readBaseUrl(reading, 'NOTION_BASE_URL'),
  };
}

/** The address of a database is taken for its id, too. */
export function readDatabase(name: string, { value, fault }: VariableReading): string | null {
  const text = value(name);
  if (text === null) return null;
  const [before = ''] = text.split('?');
  const id = /(?:^|[/-])([0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.exec(before)?.[1];
  if (id === undefined) fault(`${name} is no id of a Notion database: give ${database}.`);
  return id ?? text;
}

function readSentProperties(
  { value, fault }: VariableReading,
  rules: readonly string[],
): NotionSettings['sentProperties'] {
  const name = 'NOTION_SENT_PROPERTIES';
  const pairs = (value(name) ?? '').split(',').filter((pair) => pair.trim() !== '');
  const properties = new Map<string, string>();
  for (const pair of pairs) {
    const [rule = '', property = ''] = (/^([^=]*)=(.*)$/.exec(pair)?.slice(1) ?? []).map((one) => one.trim());
    if (property === '')
      fault(`${name} has "${pair.trim()}": write each as rule=property, such as 72h=Email 1 Sent.`);
    else if (!rules.includes(rule)) fault(`${name} names the rule "${rule}": there are ${rules.join(', ')}.`);
    else if (properties.has(rule)) fault(`${name} names the rule "${rule}" twice: leave out one of the two.`);
    else if ([...properties.values()].includes(property))
      fault(`${name} gives "${property}" to two rules: a property can mark one reminder only.`);
    properties.set(rule, property);
  }
  return Object.fromEntries(properties);
}

/** `Property`, or `Property=Option`. */
function readConfirmed({ value, fault }: VariableReading): NotionSettings['confirmed'] {
  const name = 'NOTION_CONFIRMED_PROPERTY';
  const text = value(name);
  if (text === null) return null;
  const [property = '', choice = null] = (/^([^=]*)(?:=(.*))?$/s.exec(text)?.slice(1) ?? []).map(
    (one) => one?.trim() ?? null,
  );
  if (!property || choice === '') {
    fault(
      `${name} is ${shown(text)}: name a date or a checkbox of the contacts, or a select or status as property=option.`,
    );
  } else if (Object.values(defaultProjection.properties).includes(property)) {
    fault(`${name} names "${property}", which is written already: name a property of its own.`);
  }
  return { property: property ?? '', choice };
}
