// Planted bugs, each of a kind that somebody could really write. A simulation that does not find them proves nothing.
import type { Edit } from './spoilt-core.ts';

export interface Canary {
  readonly bug: string;
  /** The invariants of which at least one must be found broken. */
  readonly breaks: readonly number[];
  /** The one that found it last, tried first: any of the first 200 will do. */
  readonly seed: number;
  readonly edits: readonly Edit[];
}

export const canaries: readonly Canary[] = [
  {
    bug: 'sends without reading the facts again',
    breaks: [5, 6, 8],
    seed: 1,
    edits: [
      {
        file: 'gate.ts',
        find: 'const objection = dropReason(reminder, facts) ?? personalReason(one);\n  const channel = channelNow(one, objection === null);\n  if (!channel)',
        replace:
          'const objection = personalReason(one);\n  const channel = channelNow(one, objection === null);\n  if (!channel)',
      },
    ],
  },
  {
    bug: 'confirms without minding a conflict',
    breaks: [9],
    seed: 1,
    edits: [
      {
        file: 'confirm.ts',
        find: "settled.filter((_, index) => saved.value[index] === 'conflict')",
        replace: 'settled.filter(() => false)',
      },
    ],
  },
  {
    bug: 'a cancellation forgets a reminder that was claimed',
    breaks: [8],
    seed: 6,
    edits: [
      {
        file: 'gate.ts',
        find: "if (unwanted) return { act: 'drop', reason: unwanted };",
        replace: "if (unwanted && !entry?.attempts.length) return { act: 'drop', reason: unwanted };",
      },
    ],
  },
  {
    bug: 'plans from the clock instead of the moment of agreement',
    breaks: [12, 15],
    seed: 1,
    edits: [
      {
        file: 'booking-record.ts',
        find: 'return planReminders(facts, context.policy).map((reminder)',
        replace:
          'return planReminders(facts, context.policy).filter(({ dueAt }) => !isBefore(dueAt, context.now)).map((reminder)',
      },
    ],
  },
  {
    bug: 'a lease shorter than the time-out of its send',
    breaks: [14],
    seed: 1,
    edits: [
      { file: 'ledger.ts', find: 'const lease = seconds(20);', replace: 'const lease = seconds(9);' },
      { file: 'ledger.ts', find: 'margin > 5_000', replace: 'margin > -5_000' },
    ],
  },
  {
    bug: 'a cancellation that comes first leaves no tombstone',
    breaks: [1, 5, 8],
    seed: 84,
    edits: [
      {
        file: 'take-updates.ts',
        find: 'if (over && canonicalText',
        replace: 'if (!over && change.offered.cancelled) continue;\n      if (over && canonicalText',
      },
    ],
  },
  {
    bug: 'the older of two words wins',
    breaks: [4, 6, 7, 11],
    seed: 9,
    edits: [{ file: 'merge.ts', find: 'order < 0 ? b : a', replace: 'order > 0 ? b : a' }],
  },
  {
    bug: 'marks the wrong step of the campaign',
    breaks: [17],
    seed: 38,
    edits: [
      {
        file: 'crm-write.ts',
        find: 'crm.recordSent(membership.ref, rule, sentAt)',
        replace: 'crm.recordSent(membership.ref, steps.at(-1)?.rule ?? rule, sentAt)',
      },
    ],
  },
  {
    bug: 'tries again at once after an unknown outcome',
    breaks: [9],
    seed: 5,
    edits: [
      {
        file: 'ledger.ts',
        find: "if (error.kind === 'unknown')",
        replace: "if (error.kind === 'unknown' && error.reason === 'never')",
      },
    ],
  },
  {
    bug: 'a lease that is over leads straight to a second send',
    breaks: [9, 10],
    seed: 2,
    edits: [
      {
        file: 'ledger.ts',
        find: ': inDoubt(entry, attempt, after(now, doubtWait));',
        replace: ": withAttempt(entry, { ...attempt, outcome: 'released' });",
      },
    ],
  },
  {
    bug: 'quiet hours move a reminder later',
    breaks: [11],
    seed: 38,
    edits: [
      {
        file: 'wall-clock.ts',
        find: "momentShown(zone, evening + fromMs, 'earlier')",
        replace: "momentShown(zone, evening + dayMs + toMs, 'earlier')",
      },
    ],
  },
  {
    bug: 'of a batch only the first conflict is seen',
    breaks: [9],
    seed: 1,
    edits: [
      {
        file: 'dispatch.ts',
        find: "written.filter((_, index) => results[index] === 'saved')",
        replace: "written.filter((_, index) => index > 0 || results[index] === 'saved')",
      },
    ],
  },
  {
    bug: 'a booking confirmed after its cancellation lives again',
    breaks: [5, 8],
    seed: 14,
    edits: [
      {
        file: 'standing.ts',
        find: 'if (!facts.seated) return facts.cancelled !== null;',
        replace:
          'if (!facts.seated) return facts.cancelled !== null && !(facts.lastAgreedAt && facts.cancelledAt && isBefore(facts.cancelledAt, facts.lastAgreedAt));',
      },
    ],
  },
  {
    bug: 'one seat that moves takes the whole booking with it',
    breaks: [1, 4, 12, 15],
    seed: 97,
    edits: [
      {
        file: 'contribution.ts',
        find: "if (!update.seated || update.by === 'host') return",
        replace: 'if (update.seated || !update.seated) return',
      },
    ],
  },
  {
    bug: 'claims more than can start',
    breaks: [16],
    seed: 4,
    edits: [
      { file: 'decide.ts', find: 'around.slots === 0', replace: 'around.slots === -50' },
      { file: 'dispatch.ts', find: '{ limit: free, cursor: null }', replace: '{ limit: 50, cursor: null }' },
    ],
  },
  {
    bug: 'writes to the CRM without holding the person’s lease',
    breaks: [17],
    seed: 7,
    edits: [
      {
        file: 'keep-true.ts',
        find: "if (saved.value[0] === 'conflict') return Ok(undefined);\n    const outcome",
        replace: 'const outcome',
      },
    ],
  },
  {
    bug: 'answers before the save is done',
    breaks: [1],
    seed: 34,
    edits: [
      {
        file: 'take-updates.ts',
        find: 'const saved = await shell.store.save([write]);\n      if (saved.isErr()) return saved;\n      if',
        replace: "void shell.store.save([write]);\n      const saved = Ok(['saved']);\n      if",
      },
    ],
  },
  {
    bug: 'a move leaves the old booking as it was',
    breaks: [6, 8],
    seed: 1,
    edits: [
      {
        file: 'contribution.ts',
        find: 'replacedBy: { [subject]: replacement(update, names, said.moment) }',
        replace: 'replacedBy: {}',
      },
      {
        file: 'project.ts',
        find: 'if (links.length === 0) return Ok(undefined);',
        replace: 'return Ok(undefined);',
      },
    ],
  },
  {
    bug: 'a claim that took long to save starts all the same',
    breaks: [8],
    seed: 39,
    edits: [{ file: 'ledger.ts', find: 'return !isBefore(attempt.startBy, now);', replace: 'return true;' }],
  },
  {
    bug: 'sends what has lost its use',
    breaks: [11, 12],
    seed: 4,
    edits: [
      {
        file: 'gate.ts',
        find: "if (over) return { act: 'miss', reason: missReason(one, channel) };",
        replace: '',
      },
    ],
  },
  {
    bug: 'a webhook said again brings an erased person back',
    breaks: [8, 24],
    seed: 1,
    edits: [
      {
        file: 'merge.ts',
        find: 'if (!register || !erasedAt) return register;',
        replace: 'if (register || !register) return register;',
      },
    ],
  },
  {
    bug: 'does not wait when the mailer asks for patience',
    breaks: [16],
    seed: 59,
    edits: [
      {
        file: 'calls.ts',
        find: 'pauses[channel] = latest(pauses[channel] ?? null, after(clock.now(), error.retryAfter));',
        replace: '',
      },
    ],
  },
  {
    bug: 'a delivery event moves an attempt downward',
    breaks: [25],
    seed: 4,
    edits: [
      {
        file: 'ledger.ts',
        find: "strength[said] > strength[attempt.delivery ?? 'accepted']",
        replace: "said !== (attempt.delivery ?? 'accepted')",
      },
    ],
  },
  {
    bug: 'comes back to the mailer after five minutes only',
    breaks: [15, 18],
    seed: 22,
    edits: [
      {
        file: 'ledger.ts',
        find: 'const longestWait = seconds(45);',
        replace: 'const longestWait = seconds(300);',
      },
    ],
  },
  {
    bug: 'calls a CRM that asked for patience',
    breaks: [16],
    seed: 4,
    edits: [{ file: 'patience.ts', find: 'isBefore(now, pause)', replace: 'isBefore(pause, pause)' }],
  },
  {
    bug: 'rejects a webhook that the policy cannot plan',
    breaks: [25],
    seed: 4,
    edits: [
      {
        file: 'receive.ts',
        find: `.catch((cause: unknown) =>
      failed(delivery, receivedAt, { cause, updates }),
    )`,
        replace: '',
      },
    ],
  },
  {
    bug: 'what cannot be planned is not put aside',
    breaks: [12, 15, 18],
    seed: 35,
    edits: [
      {
        file: 'dispatch.ts',
        find: "poisoned.push(park(shell, stored, { lane: 'mail', cause }));",
        replace: 'void cause;',
      },
    ],
  },
  {
    bug: 'a name ends the line of a subject',
    breaks: [23],
    seed: 1,
    edits: [{ file: 'outgoing.ts', find: 'subject: oneLine(subject)', replace: 'subject' }],
  },
  {
    bug: 'a no-show that was taken back still counts',
    breaks: [17],
    seed: 117,
    edits: [
      {
        file: 'merge.ts',
        find: 'noShow: joinRegister(a.noShow, b.noShow),',
        replace:
          'noShow: [a.noShow, b.noShow].find((said) => said?.value) ?? joinRegister(a.noShow, b.noShow),',
      },
    ],
  },
  {
    bug: 'follows up on a call with somebody who did not come to it',
    breaks: [6],
    seed: 12,
    edits: [
      {
        file: 'gate.ts',
        find: 'if (wasAbsent === isForAbsent(rule)) return null;',
        replace: 'if (wasAbsent || !isForAbsent(rule)) return null;',
      },
    ],
  },
  {
    bug: 'writes again to somebody who unsubscribed',
    breaks: [8],
    seed: 4,
    edits: [
      {
        file: 'gate.ts',
        find: "return ownerOf(one, channel)?.suppressed ? 'suppressed' : null;",
        replace: 'return null;',
      },
    ],
  },
  {
    bug: 'names an event by its start instead of its booking',
    breaks: [26],
    seed: 1,
    edits: [
      {
        file: 'calendar-write.ts',
        find: 'id: names.event(id),\n      names:',
        replace: 'id: names.event(id + String(facts.time?.value.startAt)),\n      names:',
      },
    ],
  },
  {
    bug: 'an event whose write nobody concluded counts as not there',
    breaks: [26],
    seed: 127,
    edits: [
      {
        file: 'calendar-write.ts',
        find: 'unsure: (record) => ({ ...record, event: unsure(record.event) }),',
        replace: 'unsure: (record) => record,',
      },
      {
        file: 'calendar-write.ts',
        find: "doubted: { state: 'unsure', endAt },",
        replace: 'doubted: event,',
      },
    ],
  },
  {
    bug: 'what changed while a write was under way is not written',
    breaks: [17, 26],
    seed: 36,
    edits: [
      {
        file: 'keep-true.ts',
        find: 'if (record.wanted > record.seen || more) return now;',
        replace: 'if (more) return now;',
      },
    ],
  },
  {
    bug: 'asks somebody for another time who has one',
    breaks: [27],
    seed: 37,
    edits: [
      { file: 'gate.ts', find: "return hasLaterCall(one) ? 'rebooked' : null;", replace: 'return null;' },
    ],
  },
  {
    bug: 'asks for another time more often than the month allows',
    breaks: [27],
    seed: 76,
    edits: [
      { file: 'gate.ts', find: 'return reached.length >= policy.rebooksPerMonth;', replace: 'return false;' },
    ],
  },
  {
    bug: 'looks for another call among those of its own source',
    breaks: [27],
    seed: 37,
    edits: [
      {
        file: 'decide.ts',
        find: 'soundBookings(found, {',
        replace: "soundBookings(found.filter((one) => one.id.split(':')[1] === stored.id.split(':')[1]), {",
      },
    ],
  },
  {
    bug: 'knows a move only by the time it was moved from, as Cal.com tells it',
    breaks: [1, 4, 6, 8],
    seed: 1,
    edits: [
      {
        file: 'contribution.ts',
        find: 'const replaced = update.replaces && names.booking(update.replaces.uid);',
        replace: 'const replaced = update.replaces?.time ? names.booking(update.replaces.uid) : null;',
      },
    ],
  },
  {
    bug: 'texts people who never consented, or no longer do',
    breaks: [28],
    seed: 1,
    edits: [
      {
        file: 'texting.ts',
        find: "if (!person?.consent?.value?.given) return 'no_consent';",
        replace: '',
      },
    ],
  },
  {
    bug: 'a stop ends the mails and not the texts',
    breaks: [8, 28],
    seed: 4,
    edits: [
      {
        file: 'gate.ts',
        find: "return ownerOf(one, channel)?.suppressed ? 'suppressed' : null;",
        replace: "return one.person?.suppressed ? 'suppressed' : null;",
      },
    ],
  },
  {
    bug: 'texts also when the mail arrived',
    breaks: [9, 28],
    seed: 4,
    edits: [
      {
        file: 'channel.ts',
        find: "outcome === 'accepted' && isBadNews(delivery)",
        replace: "outcome === 'accepted' && delivery !== 'complained'",
      },
    ],
  },
  {
    bug: 'texts at any hour',
    breaks: [28],
    seed: 1,
    edits: [
      {
        file: 'plan.ts',
        find: "const moved = channel === 'sms' ? textDueAt : outsideQuietHours;\n  return moved(askedAt, quiet, zoneFor(call));",
        replace:
          "const moved = channel === 'sms' ? textDueAt : outsideQuietHours;\n  return channel === 'sms' ? askedAt : moved(askedAt, quiet, zoneFor(call));",
      },
      {
        file: 'texting.ts',
        find: 'return isKnownZone(zone) && (!quiet || !isBefore(outsideQuietHours(now, quiet, zone), now));',
        replace: 'return isKnownZone(zone);',
      },
    ],
  },
  {
    bug: 'takes the zone of the host for that of whoever is texted',
    breaks: [28],
    seed: 42,
    edits: [
      {
        file: 'texting.ts',
        find: "return isKnownZone(person.details?.value.timeZone) ? null : 'no_zone';",
        replace: 'return null;',
      },
      {
        file: 'texting.ts',
        find: 'return isKnownZone(zone) && (!quiet || !isBefore(outsideQuietHours(now, quiet, zone), now));',
        replace:
          'return !quiet || !isKnownZone(zone) || !isBefore(outsideQuietHours(now, quiet, zone), now);',
      },
    ],
  },
];
