// What the properties of a database of mail texts are called.
export const textProperties = {
  name: 'Template Name',
  subject: 'Subject Line',
  body: 'Email Body HTML',
} as const;
