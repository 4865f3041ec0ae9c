// Which reminders and which CRM fields: the defaults, with what the configuration says. Rules and texts of your own go here.
import { defaultPolicy, type Facts, inTestMode, mayBeTexted, type Policy, type Rule } from '@precall/core';
import { projectionOf } from '@precall/node';
import type { HostConfiguration } from './configuration.ts';

export function policyFor(settings: HostConfiguration): Policy {
  const projection = projectionOf(settings);
  const policy = { ...defaultPolicy, projection, ...(settings.twilio && { rules: lastByText }) };
  return settings.testingMode ? inTestMode(policy) : policy;
}

const byMail: readonly Rule[] = typeof defaultPolicy.rules === 'function' ? [] : defaultPolicy.rules;
const withText = byMail.map((rule): Rule => (rule.name === '2h' ? { ...rule, channel: 'sms' } : rule));

/** The reminder just before the call by text, where all who take part said that they may be texted; else by mail. */
function lastByText(facts: Facts): readonly Rule[] {
  return mayBeTexted(facts) ? withText : byMail;
}
