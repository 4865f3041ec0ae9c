// Which reminders and which CRM fields: the defaults, with what the configuration says. Rules and texts of your own go here.
import { defaultPolicy, inTestMode, type Policy } from '@precall/core';
import { projectionOf } from '@precall/node';
import type { HostConfiguration } from './configuration.ts';

export function policyFor(settings: HostConfiguration): Policy {
  const policy = { ...defaultPolicy, projection: projectionOf(settings) };
  return settings.testingMode ? inTestMode(policy) : policy;
}
