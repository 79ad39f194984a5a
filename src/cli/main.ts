#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { printable } from '../report/text.ts';
import { version } from '../version.ts';
import { exitCode, UsageError } from './exit.ts';
import { addExplain } from './explain.ts';
import { addFormats } from './formats.ts';
import { OutputError } from './output.ts';
import { addScan } from './scan.ts';

const program = new Command('unscathed')
  .description('Proves which files survived: accounts for every byte by checksum, decoder or grammar.')
  .version(version)
  .showHelpAfterError('(unscathed --help tells what there is)')
  .exitOverride()
  .addHelpText(
    'after',
    '\nExit codes: 0 all safe, 1 something is encrypted, damaged or suspect, 2 wrong usage, 3 something was unread, 130 interrupted',
  );
addScan(program);
addExplain(program);
addFormats(program);

// A reader that closes the pipe early (head, less) has seen enough; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? exitCode.safe);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.safe : exitCode.usage;
  if (!(error instanceof UsageError || error instanceof OutputError)) throw error;
  process.stderr.write(`unscathed: ${printable(error.message)}\n`);
  return error instanceof UsageError ? exitCode.usage : exitCode.incomplete;
}
