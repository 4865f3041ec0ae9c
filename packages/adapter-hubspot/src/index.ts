// @precall/adapter-hubspot: everything public, by hand.
export { createHubspotCrm, type HubspotCrmOptions, type MembershipOptions } from './hubspot-crm.ts';
