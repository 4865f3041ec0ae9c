// Which reminders and which CRM fields: the defaults, with what the configuration says. Rules and texts of your own go here.
import { defaultPolicy, inTestMode, type Policy } from '@precall/core';
import type { HostConfiguration } from './configuration.ts';

export function policyFor({
  testingMode,
  campaign,
  businessTimeZone,
}: Pick<HostConfiguration, 'testingMode' | 'campaign' | 'businessTimeZone'>): Policy {
  const projection = {
    ...defaultPolicy.projection,
    timeZone: businessTimeZone,
    ...(campaign && { campaign }),
  };
  const policy = { ...defaultPolicy, projection };
  return testingMode ? inTestMode(policy) : policy;
}
