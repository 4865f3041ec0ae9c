// Sends webhooks to this very host, over HTTP and signed, as Cal.com would.
import type { DropReason, IgnoreReason, ReminderKey, SkipReason } from '@precall/core';
import { signCalcom } from '@precall/source-calcom';

/** The part of INTERFACE.md section 2 that is told here. */
export interface WebhookAnswer {
  readonly status: number;
  readonly body: {
    readonly status?: 'scheduled' | 'skipped' | 'awaiting' | 'updated' | 'ignored';
    readonly reason?: SkipReason | IgnoreReason;
    readonly reminders?: readonly { readonly rule: string; readonly dueAt: string }[];
    readonly dropped?: readonly { readonly key: ReminderKey; readonly reason: DropReason }[];
    readonly detail?: string;
  };
}

export type SendWebhook = (body: string) => Promise<WebhookAnswer>;

export function createWebhookSender({
  baseUrl,
  secret,
}: {
  readonly baseUrl: string;
  readonly secret: string;
}): SendWebhook {
  return async (body) => {
    const response = await fetch(`${baseUrl}/webhook/calcom-booking`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-cal-signature-256': signCalcom(secret, body) },
      body,
    });
    return { status: response.status, body: JSON.parse(await response.text()) as WebhookAnswer['body'] };
  };
}
