// @precall/templates: everything public, by hand.
export { compileTemplate, type WrittenText } from './compile-text.ts';
export {
  createTemplates,
  type Templates,
  type TemplatesOptions,
  type TextSource,
} from './create-templates.ts';
export { type FactName, factNames } from './fact-names.ts';
export { textsInFolder } from './from-folder.ts';
