// What SendGrid refuses in a mail, as its documentation says ("Mail send": limitations, errors, and the OpenAPI
// description). Where no wording is documented, it is ours.

export interface SendgridError {
  readonly message: string;
  readonly field: string | null;
  readonly help: string | null;
}

type Fields = { readonly [name: string]: unknown };
type Tell = (field: string, message: string) => void;

/** Empty: the mail is in order. `senderOf` says whether mail may be sent in that name. */
export function errorsInMail(body: unknown): readonly SendgridError[] {
  const errors: SendgridError[] = [];
  const tell: Tell = (field, message) => {
    const help = 'http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html';
    errors.push({ message, field, help: `${help}#message.${field.replace(/\.\d+/g, '')}` });
  };
  if (!isRecord(body)) return [{ message: 'Bad Request', field: null, help: null }];
  onlyKnown(body, mailFields, { at: '', tell });
  checkFrom(body.from, tell);
  checkPersonalizations(body, tell);
  checkContent(body.content, tell);
  checkArguments(body.custom_args, 'custom_args', tell);
  checkCategories(body.categories, tell);
  checkHeaders(body.headers, tell);
  checkAttachments(body.attachments, tell);
  checkSettings(body, tell);
  return errors;
}

const mailFields = [
  'personalizations',
  'from',
  'reply_to',
  'reply_to_list',
  'subject',
  'content',
  'attachments',
  'template_id',
  'headers',
  'categories',
  'custom_args',
  'send_at',
  'batch_id',
  'asm',
  'ip_pool_name',
  'mail_settings',
  'tracking_settings',
];
const personalizationFields = [
  'from',
  'to',
  'cc',
  'bcc',
  'subject',
  'headers',
  'substitutions',
  'dynamic_template_data',
  'custom_args',
  'send_at',
];
const reservedHeaders =
  /^(x-sg-id|x-sg-eid|received|dkim-signature|content-type|content-transfer-encoding|to|from|subject|reply-to|cc|bcc)$/i;
const address = /^[^\s@<>,;"]+@[^\s@<>,;".]+(\.[^\s@<>,;".]+)+$/;

function checkFrom(from: unknown, tell: Tell): void {
  if (!isRecord(from)) {
    tell(
      'from',
      'The from object must be provided for every email send. It needs an email and may have a name.',
    );
    return;
  }
  checkAddress(from, 'from', tell);
  if (typeof from.name === 'string' && /[^\x20-\x7e]/.test(from.name)) {
    tell('from.name', 'Unicode encoding is not supported for the from field.');
  }
}

function checkPersonalizations({ personalizations, subject }: Fields, tell: Tell): void {
  if (!Array.isArray(personalizations) || personalizations.length === 0) {
    tell('personalizations', 'You must have at least one personalization.');
    return;
  }
  if (personalizations.length > 1000) tell('personalizations', 'There are more than 1000 personalizations.');
  let recipients = 0;
  for (const [index, one] of personalizations.entries()) {
    const at = `personalizations.${index}`;
    if (!isRecord(one)) {
      tell(at, 'Invalid type. Expected: object.');
      continue;
    }
    onlyKnown(one, personalizationFields, { at, tell });
    recipients += checkRecipients(one, at, tell);
    checkArguments(one.custom_args, `${at}.custom_args`, tell);
    if (!isText(one.subject ?? subject)) tell('subject', 'The subject is required.');
  }
  if (recipients > 1000)
    tell('personalizations', 'There is a limit of 1000 total recipients (to + cc + bcc) per request.');
}

function checkRecipients(personalization: Fields, at: string, tell: Tell): number {
  const seen = new Set<unknown>();
  let count = 0;
  for (const kind of ['to', 'cc', 'bcc']) {
    const list = personalization[kind];
    if (list === undefined && kind !== 'to') continue;
    if (!Array.isArray(list) || list.length === 0) {
      tell(`${at}.${kind}`, 'There must be at least one address.');
      continue;
    }
    for (const [index, one] of list.entries()) {
      count += 1;
      const where = `${at}.${kind}.${index}`;
      const email = isRecord(one) ? checkAddress(one, where, tell) : null;
      if (email === null) tell(where, 'Each object must at least have an email address.');
      if (seen.has(email)) tell(where, 'Each email address should only be included once.');
      seen.add(email);
      if (isRecord(one) && typeof one.name === 'string' && /[,;]/.test(one.name)) {
        tell(`${where}.name`, 'The name may not contain , or ; characters.');
      }
    }
  }
  return count;
}

/** In lower case; null when there is none. */
function checkAddress(one: Fields, at: string, tell: Tell): string | null {
  onlyKnown(one, ['email', 'name'], { at, tell });
  if (one.name !== undefined && typeof one.name !== 'string')
    tell(`${at}.name`, 'Invalid type. Expected: string.');
  if (typeof one.email === 'string' && address.test(one.email)) return one.email.toLowerCase();
  tell(`${at}.email`, 'Does not contain a valid address.');
  return null;
}

function checkContent(content: unknown, tell: Tell): void {
  if (!Array.isArray(content) || content.length === 0) {
    tell('content', 'Unless a valid template_id is provided, the content parameter is required.');
    return;
  }
  for (const [index, part] of content.entries()) {
    if (!isRecord(part) || !isText(part.type)) tell(`content.${index}.type`, 'The content type is required.');
    if (!isRecord(part) || !isText(part.value)) {
      tell(`content.${index}.value`, 'The content value must be a string at least one character in length.');
    }
  }
  const types = content.filter(isRecord).map(({ type }) => type);
  if (types.indexOf('text/html') === 0 && types.includes('text/plain')) {
    tell('content', 'If present, text/plain and text/html may only be provided once, text/plain first.');
  }
}

function checkArguments(args: unknown, at: string, tell: Tell): void {
  if (args === undefined) return;
  if (!isRecord(args)) {
    tell(at, `Invalid type. Expected: object, given: ${typeof args}.`);
    return;
  }
  for (const [name, value] of Object.entries(args)) {
    if (typeof value !== 'string') tell(`${at}.${name}`, 'Invalid type. Expected: string.');
  }
  if (Buffer.byteLength(JSON.stringify(args)) >= 10_000)
    tell(at, 'The custom_args are larger than 10,000 bytes.');
}

function checkCategories(categories: unknown, tell: Tell): void {
  if (categories === undefined) return;
  const list: readonly unknown[] = Array.isArray(categories) ? categories : [null];
  if (list.length > 10) tell('categories', 'There are more than 10 categories.');
  if (list.some((one) => !isText(one) || one.length > 255))
    tell('categories', 'A category is a string of up to 255.');
  if (new Set(list).size < list.length) tell('categories', 'Categories must be unique.');
}

function checkHeaders(headers: unknown, tell: Tell): void {
  if (headers === undefined) return;
  for (const [name, value] of Object.entries(isRecord(headers) ? headers : { '': null })) {
    if (typeof value !== 'string') tell(`headers.${name}`, 'Invalid type. Expected: string.');
    if (reservedHeaders.test(name)) tell(`headers.${name}`, 'This header is reserved.');
  }
}

/** A method is taken in a type, any other parameter is not (sendgrid-nodejs#1313). */
const attachmentType = /^[\w.+-]+\/[\w.+-]+(; method=\w+)?$/;

function checkAttachments(attachments: unknown, tell: Tell): void {
  if (attachments === undefined) return;
  for (const [index, one] of (Array.isArray(attachments) ? attachments : [null]).entries()) {
    const at = `attachments.${index}`;
    const { content, filename, type } = isRecord(one) ? one : {};
    if (!isText(content) || Buffer.from(content, 'base64').toString('base64') !== content)
      tell(`${at}.content`, 'The attachment content must be base64 encoded.');
    if (!isText(filename)) tell(`${at}.filename`, 'The filename is required.');
    if (type !== undefined && !(isText(type) && attachmentType.test(type)))
      tell(`${at}.type`, "The attachment type cannot contain ';', or CRLF characters.");
  }
}

function checkSettings(body: Fields, tell: Tell): void {
  for (const name of ['mail_settings', 'tracking_settings']) {
    const settings = body[name] ?? {};
    for (const [setting, value] of Object.entries(isRecord(settings) ? settings : { '': null })) {
      const isSetting = isRecord(value) && typeof (value.enable ?? false) === 'boolean';
      if (!isSetting) tell(`${name}.${setting}`, 'Invalid type. Expected: object, with enable: boolean.');
    }
  }
  const sendAt = body.send_at;
  if (sendAt !== undefined && !Number.isInteger(sendAt)) tell('send_at', 'Invalid type. Expected: integer.');
}

function onlyKnown(
  fields: Fields,
  known: readonly string[],
  { at, tell }: { readonly at: string; readonly tell: Tell },
): void {
  for (const name of Object.keys(fields).filter((one) => !known.includes(one))) {
    tell(at === '' ? name : `${at}.${name}`, `Additional property ${name} is not allowed`);
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
