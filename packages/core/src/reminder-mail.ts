import { type Content, content } from './content.ts';

export const defaultReminder: Content = content({
  needs: ['place'],
  render: () => ({ subject: '', text: '', html: '' }),
});
