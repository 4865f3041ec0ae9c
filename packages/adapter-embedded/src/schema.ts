// The tables, as steps forward: a database's `user_version` says how many of them it has been through.

/** 'PREC': tells our file from any other SQLite database. */
export const applicationId = 0x50524543;

/**
 * Steps are only ever added; each runs once, and all that are missing run in one transaction.
 *
 * `record` keeps its rowid: without it "what is due" is six times slower. `record.keys` repeats `record_key` so that
 * a record is read from one row. `record_key` has no moment in it: ordering it by change would rewrite every
 * key with every save, which halves the rate of saving. `history` stands apart: it would be rewritten with
 * every reminder.
 */
export const migrations: readonly string[] = [
  `create table record (
    seq integer primary key,
    id text not null unique,
    kind text not null,
    version integer not null,
    revision integer not null,
    changed_at integer not null,
    mail_at integer,
    crm_at integer,
    forget_at integer,
    keys text not null,
    body text not null
  );
  create index record_mail on record(mail_at) where mail_at is not null;
  create index record_crm on record(crm_at) where crm_at is not null;
  create index record_forget on record(forget_at) where forget_at is not null;
  create index record_changed on record(kind, changed_at desc, seq desc);
  create table record_key (
    key text not null,
    record_seq integer not null,
    primary key (key, record_seq)
  ) without rowid;
  create table history (
    record_seq integer not null,
    n integer not null,
    at integer not null,
    what text not null,
    detail text not null,
    primary key (record_seq, n)
  ) without rowid;`,
];
