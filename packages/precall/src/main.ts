#!/usr/bin/env node
// `npx precall`: the command of @precall/cli. npx looks for it in the package of this name, and pnpm links no other's.
import '@precall/cli/main';
