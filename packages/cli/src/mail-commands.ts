// The commands about the mails themselves.
import type { Command } from 'commander';

export function addMailCommands(_program: Command): void {}
