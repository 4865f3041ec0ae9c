import type { Clock, Policy, Trouble } from '@precall/core';
import { createTemplates, type Templates, textsInFolder } from '@precall/templates';

export function ownTexts(policy: Policy, clock: Clock, onTrouble: (trouble: Trouble) => void): Templates {
  return createTemplates({ source: textsInFolder('texts'), policy, clock, onTrouble });
}
