// Which reminders and which CRM fields: the defaults, with what the configuration says. Rules and texts of your own go here.
import { calendarFiles } from '@precall/calendar';
import { askWhoCame, defaultPolicy, inTestMode, mayBeTexted, type Policy, type Rule } from '@precall/core';
import { projectionOf } from '@precall/node';
import type { HostConfiguration } from './configuration.ts';

export function policyFor(settings: HostConfiguration): Policy {
  const projection = projectionOf(settings);
  const byMail = settings.askWhoCame ? [...usual, askWhoCame] : usual;
  const rules = settings.twilio ? lastByText(byMail) : byMail;
  const organizer = settings.mail?.from ?? nobodyInParticular;
  const calendarFile = settings.calendarFiles ? calendarFiles({ organizer }) : null;
  const namesInCalendar = settings.googleCalendar?.names ?? false;
  const policy = { ...defaultPolicy, projection, rules, calendarFile, namesInCalendar };
  return settings.testingMode ? inTestMode(policy) : policy;
}

/** Who invites where mails go to the local mailbox, which has no sender. */
const nobodyInParticular = { email: 'calls@localhost', name: null };

const usual: readonly Rule[] = typeof defaultPolicy.rules === 'function' ? [] : defaultPolicy.rules;

/** The reminder just before the call by text, where all who get it said that they may be texted; else by mail. */
function lastByText(byMail: readonly Rule[]): Policy['rules'] {
  const withText = byMail.map((rule): Rule => (rule.name === '2h' ? { ...rule, channel: 'sms' } : rule));
  return (facts) => (mayBeTexted(facts, defaultPolicy) ? withText : byMail);
}
