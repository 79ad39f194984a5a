#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { printable } from '../report/text.ts';
import { version } from '../version.ts';
import type { CatOptions } from './cat.ts';
import { exitCode, OutputError, UsageError } from './exit.ts';
import type { ExplainOptions } from './explain.ts';
import type { GateCommandOptions } from './gate.ts';
import type { InfoOptions } from './info.ts';
import type { ListOptions } from './ls.ts';
import type { ApplyCommandOptions } from './restore-plan.ts';
import type { SalvageCommandOptions } from './salvage.ts';
import type { ScanCommandOptions } from './scan.ts';
import type { TimelineCommandOptions } from './timeline.ts';

// What a command needs is loaded when it runs: an answer on the screen shouldn't wait for what isn't used.
const program = new Command('unscathed')
  .description('Proves which files survived: accounts for every byte by checksum, decoder or grammar.')
  .version(version)
  .showHelpAfterError('(unscathed --help tells what there is)')
  .exitOverride()
  .addHelpText(
    'after',
    '\nExit codes: 0 all safe, 1 something is encrypted, damaged or suspect, 2 wrong usage, 3 something was unread, 130 interrupted\nof gate: 0 pass, 1 hold (also unproved files, unless the policy accepts them), 2 wrong usage, 3 incomplete, 130 interrupted',
  );

program
  .command('scan')
  .description('examine all files under the paths: which were encrypted, which are safe to restore')
  .argument('[path...]', 'folders, files or disk images; they are opened read-only')
  .option('--tar <file>', 'the files of a tar archive instead, while its bytes come by; - is standard input')
  .option('-o, --output <file>', 'write the report there, as NDJSON')
  .option('--json', 'print the report as NDJSON instead of the list')
  .option('-a, --all', 'list intact, protected and unproved files, too')
  .option('-q, --quiet', 'no list, no progress, no summary: the exit code and --output tell')
  .option(
    '-w, --workers <number>',
    'threads that examine (default: one for each core, at least 2)',
    wholeNumber,
  )
  .option('--include <glob...>', 'only what matches')
  .option('--exclude <glob...>', 'leave out what matches')
  .option('--cross-mounts', 'go into other file systems mounted below')
  .option(
    '--since <time>',
    'only what changed since then, by either of its times: ISO 8601, or as 7d, 12h',
    timeOf,
  )
  .option('--sha256', 'add the SHA-256 of each file to the report')
  .option(
    '--floor <bytes>',
    'the largest floor with which a file counts as intact (default: 4096)',
    wholeNumber,
  )
  .option('--images', 'open disk images in folders, too; images that are named are always opened')
  .option('--no-images', 'examine disk images as the files that they are')
  .option('--deleted', 'deleted files of disk images, too')
  .option(
    '--hit',
    'the images that are named were encrypted themselves: find what stands outside of encrypted ranges',
  )
  .option('--damage <file>', 'encrypted ranges of the image: a line each, first byte and end; implies --hit')
  .option('--dfxml <file>', 'write the report there as DFXML, too')
  .option('--body <file>', "write the report there as a body file for the Sleuth Kit's mactime, too")
  .option('--csv <file>', 'write the report there as comma-separated values, too')
  .option(
    '--baseline <file>',
    'a known-good state: a report with hashes, sha256sum lines, NSRL CSV, or DFXML',
  )
  .option(
    '--cache <file>',
    'results of the last scan, used for files that are the same by both times; made anew at the end',
  )
  .option('--trust-mtime', 'with --cache: even if the time of change differs; not where times may be forged')
  .option('--plugin <module...>', 'modules that export formats of your own')
  .option('--marks <file>', 'marks of further families, as JSON; `families --json` shows the form')
  .action(async (paths: string[], options: ScanCommandOptions) => {
    const { runScan } = await import('./scan.ts');
    process.exitCode = await runScan(paths, options);
  });

program
  .command('gate')
  .description('decide whether what lies under the paths may go back: pass (0), hold (1), incomplete (3)')
  .argument('[path...]', 'folders or files; they are opened read-only')
  .option('--tar <file>', 'the files of a tar archive instead, while its bytes come by; - is standard input')
  .option('--policy <file>', 'what is demanded, as YAML or JSON')
  .option('--accept <kind...>', 'also accept: protected, contrast, unproved, suspect, damaged, links')
  .option('--safe <file>', 'write the paths of what may go back there, each ended by NUL')
  .option('--held <file>', 'write the paths of what may not, or is unknown, there, each ended by NUL')
  .option('--print0', 'print the paths of what may go back, each ended by NUL; the decision goes to stderr')
  .option('--relative', 'write paths relative to the root that they lie under')
  .option('-o, --output <file>', 'write the report that the decision rests on there, as NDJSON')
  .option('--json', 'print the decision as JSON')
  .option('-q, --quiet', 'no progress, no reasons: the exit code and the lists tell')
  .option(
    '-w, --workers <number>',
    'threads that examine (default: one for each core, at least 2)',
    wholeNumber,
  )
  .option('--include <glob...>', 'only what matches')
  .option('--exclude <glob...>', 'leave out what matches')
  .option('--cross-mounts', 'go into other file systems mounted below')
  .option(
    '--since <time>',
    'only what changed since then, by either of its times: ISO 8601, or as 7d, 12h',
    timeOf,
  )
  .option('--sha256', 'add the SHA-256 of each file to the report')
  .option('--floor <bytes>', 'the largest floor with which a file counts as intact', wholeNumber)
  .option(
    '--baseline <file>',
    'a known-good state: a report with hashes, sha256sum lines, NSRL CSV, or DFXML',
  )
  .option(
    '--cache <file>',
    'results of the last scan, used for files that are the same by both times; made anew at the end',
  )
  .option('--trust-mtime', 'with --cache: even if the time of change differs; not where times may be forged')
  .option('--plugin <module...>', 'modules that export formats of your own')
  .option('--marks <file>', 'marks of further families, as JSON; `families --json` shows the form')
  .action(async (paths: string[], options: GateCommandOptions) => {
    const { runGate } = await import('./gate.ts');
    process.exitCode = await runGate(paths, options);
  });

program
  .command('timeline')
  .description(
    'compare snapshots: when files were hit, and the last intact version of each, as a restore plan',
  )
  .argument('<snapshot...>', 'folders that hold the files at different times; they are opened read-only')
  .addOption(
    new Option(
      '--order <by>',
      'how to put them in order (default: by the times that names or info.xml tell)',
    ).choices(['auto', 'given', 'name', 'time']),
  )
  .addOption(
    new Option(
      '--trust <what>',
      'what tells that a file is the same, without reading it (default: inodes)',
    ).choices(['nothing', 'inodes', 'times']),
  )
  .option('--ignore-case', 'names that differ in case alone are the same')
  .option('--accept <verdict...>', 'versions that may be restored beside intact ones: protected, unproved')
  .option('--until-intact', 'leave versions alone that are older than one that may be restored')
  .option('--plan <file>', 'write the restore plan there, as NDJSON')
  .option(
    '--lists <folder>',
    'write the paths to restore there, a list for each snapshot, each path ended by NUL',
  )
  .option('--deleted', 'also restore what was gone before the attack')
  .option(
    '--attack <snapshot>',
    'the first snapshot after the attack began, by its label or its number from 0',
  )
  .option('-o, --output <file>', 'write all versions of all paths there, as NDJSON')
  .option('--json', 'print that instead of the plot')
  .option('-a, --all', 'show all paths without a version to restore')
  .option('-q, --quiet', 'no plot, no progress: the exit code and the files tell')
  .option(
    '-w, --workers <number>',
    'threads that examine (default: one for each core, at least 2)',
    wholeNumber,
  )
  .option('--include <glob...>', 'only what matches')
  .option('--exclude <glob...>', 'leave out what matches')
  .option('--cross-mounts', 'go into other file systems mounted below')
  .option(
    '--floor <bytes>',
    'the largest floor with which a file counts as intact (default: 4096)',
    wholeNumber,
  )
  .option('--plugin <module...>', 'modules that export formats of your own')
  .option('--marks <file>', 'marks of further families, as JSON; `families --json` shows the form')
  .option('--scratch <folder>', "for lists meanwhile, about 200 bytes a file (default: the system's)")
  .action(async (folders: string[], options: TimelineCommandOptions) => {
    const { runTimeline } = await import('./timeline.ts');
    process.exitCode = await runTimeline(folders, options);
  });

program
  .command('restore-plan')
  .description('restore by a plan that `timeline` wrote')
  .command('apply')
  .description('copy what the plan says, verify each file, and never overwrite; run again, it goes on')
  .argument('<plan>', 'the plan, as NDJSON')
  .requiredOption('--to <folder>', 'where to restore to; it must not lie in a snapshot')
  .option('--dry-run', 'print what would be done, and write nothing')
  .option('--replace', "replace files whose contents aren't those of the plan")
  .option('--json', 'print what was done as NDJSON')
  .option('-a, --all', 'list what was restored, too')
  .option('-q, --quiet', 'print nothing: the exit code tells')
  .option(
    '-w, --workers <number>',
    'threads that examine (default: one for each core, at least 2)',
    wholeNumber,
  )
  .action(async (plan: string, options: ApplyCommandOptions) => {
    const { runApply } = await import('./restore-plan.ts');
    process.exitCode = await runApply(plan, options);
  });

program
  .command('explain')
  .description('tell why a file has its verdict: reasons, what proves which bytes, a map of the file')
  .argument('<file>', 'the file to examine; it is opened read-only; - is standard input')
  .option('--name <name>', 'what the file is called, where it comes by standard input')
  .option('--salvageable', 'also tell which ranges, and which pieces inside, are provably untouched')
  .option('--json', 'print the report line of the file instead')
  .option('--marks <file>', 'marks of further families, as JSON; `families --json` shows the form')
  .action(async (file: string, options: ExplainOptions) => {
    const { explainFile } = await import('./explain.ts');
    process.exitCode = await explainFile(file, options);
  });

program
  .command('examine')
  .description('tell the verdict on one file in one line')
  .argument('<file>', 'the file to examine; it is opened read-only; - is standard input')
  .option('--name <name>', 'what the file is called, where it comes by standard input')
  .option('--json', 'print the report line of the file')
  .option('--marks <file>', 'marks of further families, as JSON; `families --json` shows the form')
  .action(async (file: string, options: ExplainOptions) => {
    const { examineFile } = await import('./explain.ts');
    process.exitCode = await examineFile(file, options);
  });

program
  .command('families')
  .description('list the families of ransomware whose marks are known, with sources')
  .option('--json', 'print them as JSON, in the form that --marks reads')
  .option('--marks <file>', 'marks of further families, as JSON; `families --json` shows the form')
  .action(async (options: { json?: boolean; marks?: string }) => {
    const { listFamilies } = await import('./families.ts');
    listFamilies(options.json === true, options.marks);
  });

program
  .command('formats')
  .description('list the formats that are known, and what proves a file of each')
  .option('--json', 'print them as JSON')
  .action(async (options: { json?: boolean }) => {
    const { listFormats } = await import('./formats.ts');
    listFormats(options.json === true);
  });

program
  .command('info')
  .description('tell what a disk image is and holds: container, volumes, file systems')
  .argument('<image>', 'raw, E01, QCOW2, VMDK, VHD, VHDX or VDI; it is opened read-only')
  .option('--verify', 'read all of it, and compare the hashes that the image stores')
  .option('--snapshot <name>', 'an internal snapshot of a QCOW2 image, by name or number')
  .option('--json', 'print it as JSON')
  .action(async (image: string, options: InfoOptions) => {
    const { describeImageFile } = await import('./info.ts');
    process.exitCode = describeImageFile(image, options);
  });

program
  .command('ls')
  .description('list a folder of a disk image: kind, number, time, size, path')
  .argument('<image>', 'raw, E01, QCOW2, VMDK, VHD, VHDX or VDI; it is opened read-only')
  .argument('[path]', 'the folder: p2/Users', '')
  .option('-r, --recursive', 'all that is below, too')
  .option('--deleted', 'deleted entries, too; they are marked by *')
  .option('--snapshot <name>', 'an internal snapshot of a QCOW2 image, by name or number')
  .option('--json', 'print one JSON object a line')
  .option('-0, --print0', 'print paths only, as they are, each ended by NUL')
  .action(async (image: string, path: string, options: ListOptions) => {
    const { listImage } = await import('./ls.ts');
    process.exitCode = await listImage(image, path, options);
  });

program
  .command('cat')
  .description('print a file of a disk image, byte for byte')
  .argument('<image>', 'raw, E01, QCOW2, VMDK, VHD, VHDX or VDI; it is opened read-only')
  .argument('<path>', 'the file: p2/Users/ann/report.docx')
  .option('--deleted', 'also where the file was deleted')
  .option('--snapshot <name>', 'an internal snapshot of a QCOW2 image, by name or number')
  .action(async (image: string, path: string, options: CatOptions) => {
    const { printFromImage } = await import('./cat.ts');
    process.exitCode = await printFromImage(image, path, options);
  });

const millisecondsIn: Readonly<Record<string, number>> = { m: 6e4, h: 36e5, d: 864e5, w: 6048e5 };

program
  .command('salvage')
  .description('copy what is provably left of a damaged file or disk image, with a manifest')
  .argument('<file>', 'an archive, document, mailbox or database, or a disk image; it is opened read-only')
  .requiredOption('--to <folder>', 'a new or empty folder, not beside the file')
  .option('--damage <file>', 'encrypted ranges of the image: a line each, first byte and end')
  .option('--whole', 'copy all files as they are, of an image that was not hit')
  .option('--include <glob...>', 'of an image, only what matches')
  .option('--exclude <glob...>', 'of an image, leave out what matches')
  .option('-q, --quiet', 'no summary')
  .action(async (file: string, options: SalvageCommandOptions) => {
    const { salvageFrom } = await import('./salvage-input.ts');
    process.exitCode = salvageFrom(file, options);
  });

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

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError('It must be a whole number from 1 on.');
}

/** A moment, or how long ago it was. */
function timeOf(text: string): Date {
  const ago = /^(\d+)([mhdw])$/.exec(text);
  const time =
    ago === null ? new Date(text) : new Date(Date.now() - Number(ago[1]) * millisecondsIn[ago[2]!]!);
  if (!Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError(
    'It must be a time as 2026-01-31T12:00Z, or as 90m, 12h, 7d, 2w before now.',
  );
}
