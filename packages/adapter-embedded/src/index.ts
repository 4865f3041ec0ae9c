// @precall/adapter-embedded: everything public, by hand.
export { type AddressBook, type AddressBookEntry, createAddressBook } from './address-book.ts';
export { type EmbeddedStore, openEmbeddedStore } from './embedded-store.ts';
export { createMailbox, type Mailbox, type MailboxMessage } from './mailbox.ts';
export type { StoreFault } from './open-database.ts';
