// The composition root: which parts this host is made of, how it starts and how it stops. Copy it and change the parts.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PortError, Trouble } from '@precall/core';
import { basicAuth, createPrecallRouter } from '@precall/http-express';
import { createMetrics, createTracing } from '@precall/metrics';
import { createOwnerAlerts, createPrecall, createSystemClock, readEnvironment } from '@precall/node';
import express from 'express';
import {
  type DemonstrationConfiguration,
  type HostConfiguration,
  readConfiguration,
} from './configuration.ts';
import { closeServer, listen } from './listen.ts';
import { createLog, framesOf } from './log.ts';
import { openParts, type PartFault } from './parts.ts';
import { policyFor } from './policy.ts';
import { onStopSignals } from './stop-signals.ts';
import { openTexts } from './texts.ts';

const configuration = readEnvironment(process.env, process.cwd())
  .mapErr((sentence): readonly string[] => [sentence])
  .andThen((variables) => readConfiguration(variables, process.argv.slice(2)));
if (configuration.isErr()) refuse(configuration.error);
else if (configuration.value.kind === 'demonstration') await demonstrate(configuration.value);
else await serve(configuration.value);

async function serve(settings: HostConfiguration): Promise<void> {
  const { calcom, operatorPassword, ownerEmail, publicUrl, linkSecret } = settings;
  const log = createLog(settings.logLevel);
  const clock = createSystemClock();
  const policy = policyFor(settings);

  // the parts
  const opened = await openParts(settings, { clock, policy });
  if (opened.isErr()) return refuse([opened.error.sentence], opened.error.kind);
  const { source, store, scheduler, crm, mailer, texter, calendar, mailbox, backup, names, notion, close } =
    opened.value;
  const alertOwner =
    ownerEmail &&
    createOwnerAlerts({
      to: ownerEmail,
      mailer,
      clock,
      page: publicUrl && operatorPassword && `${publicUrl}/operator`,
      onUnsent: (trouble, { kind, reason }) =>
        log.warn({ trouble, kind }, `The owner was not mailed: ${reason}`),
    });
  const onTrouble = (trouble: Trouble): void => {
    const { kind, booking, other, sentence } = trouble;
    log.warn({ trouble: kind, booking, other }, sentence);
    if (alertOwner) alertOwner(trouble);
  };
  const metrics = createMetrics({ processMetrics: true });
  const trace = await createTracing(); // nothing, unless OpenTelemetry is set up in this process
  const texts = await openTexts(settings, {
    notion,
    policy,
    clock,
    onTrouble(trouble) {
      metrics.observe({ kind: 'trouble', trouble: trouble.kind });
      onTrouble(trouble);
    },
  });
  /** With PORT=0 known once the server listens. */
  let address = publicUrl;
  const precall = createPrecall({
    source,
    store,
    scheduler,
    mailer,
    ...(texter && { texter }),
    ...(calendar && { calendar }),
    crm,
    policy: texts?.policy ?? policy,
    clock,
    links: { baseUrl: () => address, ...(linkSecret && { secret: linkSecret }) },
    reconcile: { rereads: 20 }, // a minute, of bookings whose reminder is near; nothing waits for it
    observe(observation) {
      metrics.observe(observation);
      trace(observation);
    },
    onTrouble,
  });

  // the routes
  const app = express().disable('x-powered-by');
  app.use(
    createPrecallRouter({
      precall,
      metrics,
      ...(mailbox && { mailbox }),
      ...(backup && { backup }),
      ...(operatorPassword && {
        operator: {
          authorize: basicAuth({ user: 'operator', password: operatorPassword }),
          timeZone: settings.businessTimeZone ?? undefined,
        },
      }),
      onFault: (cause) => log.error({ frames: framesOf(cause) }, 'A request failed on our side.'),
    }),
  );

  // start
  await texts?.start(); // waits for five seconds at most
  const started = (await precall.start()).mapErr(notStarted);
  const listening = started.isOk() ? (await listen(app, settings)).mapErr(notListening) : started;
  if (listening.isErr()) {
    texts?.stop();
    await precall.stop();
    await close();
    return refuse([listening.error.sentence], listening.error.kind);
  }
  const { server, baseUrl } = listening.value;
  address ??= baseUrl;

  // stop: from the moment that somebody can know our pid
  onStopSignals(async () => {
    texts?.stop();
    await precall.stop(); // running sends end; meanwhile /readyz and the webhook answer 503
    await closeServer(server);
    await close();
    log.info('stopped');
  });

  // Whoever started this waits for these lines, whatever LOG_LEVEL says.
  const announce = log.child({}, { level: 'info' });
  if ('unsigned' in calcom)
    announce.warn('CALCOM_UNSIGNED=allow: ANYBODY who reaches this host can book and cancel.');
  announce.info(
    `ready at ${baseUrl} pid=${process.pid} ${names}${settings.testingMode ? ', TESTING_MODE' : ''}`,
  );
}

async function demonstrate(settings: DemonstrationConfiguration): Promise<void> {
  if (existsSync(join(settings.dataDir, 'precall.db'))) {
    return refuse([
      `DATA_DIR is ${settings.dataDir}, which holds real bookings, and nothing but a demonstration is configured: set CALCOM_WEBHOOK_SECRET to run the host, or give the demonstration a DATA_DIR of its own.`,
    ]);
  }
  const { runDemonstration } = await import('./demo/run.ts');
  const outcome = await runDemonstration(settings);
  if (outcome !== 'running') process.exit(outcome);
}

function notStarted({ kind, reason }: PortError): PartFault {
  const sentence = `The store or the scheduler cannot be used: ${reason}.`;
  return { kind: kind === 'rejected' ? 'wrong' : 'away', sentence };
}

function notListening(sentence: string): PartFault {
  return { kind: 'wrong', sentence };
}

/** 78 is EX_CONFIG of sysexits.h: starting it again would not help. */
function refuse(faults: readonly string[], kind: PartFault['kind'] = 'wrong'): void {
  const code = { wrong: 78, away: 1 }[kind];
  process.stderr.write(faults.map((sentence) => `${sentence}\n`).join(''), () => process.exit(code));
}
