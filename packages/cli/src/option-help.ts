// What several commands say of the same option.
export const configHelp =
  "a module that exports your server's `parts` (default: precall.config.ts, .mts, .js or .mjs here, if there)";
export const policyHelp =
  "a module that exports the host's `policy`, or its `parts` with one (default: that of precall.config.* here, else the default policy)";
/** Of what a running host is asked by its own. */
export const localPolicyHelp =
  "without --url: a module that exports the host's `policy` (default: that of precall.config.* here, else the default policy)";
export const headerHelp =
  "'Name: value' for that host, where it asks for something else (repeatable; or OPERATOR_HEADERS, one a line)";
