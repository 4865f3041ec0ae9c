// Preloaded by a test: tells on standard error of every module that is asked for.
import { register } from 'node:module';

const hooks = `export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  process._rawDebug('loaded ' + found.url);
  return found;
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
