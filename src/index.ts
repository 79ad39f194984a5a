export type { Baseline } from './baseline/baseline.ts';
export { BaselineError } from './baseline/baseline-error.ts';
export { readBaseline } from './baseline/read-baseline.ts';
export { Broken, OverBudget, ReadError, Truncated } from './bytes/errors.ts';
export { FileSource } from './bytes/file-source.ts';
export { type Budget, defaultBudget, Meter } from './bytes/meter.ts';
export type { Range } from './bytes/range.ts';
export { Reader } from './bytes/reader.ts';
export { BufferSource, type ByteSource, SliceSource } from './bytes/source.ts';
export type { Examination } from './examine/examination.ts';
export { type ExamineOptions, examine } from './examine/examine.ts';
export type { Context, ExaminedMember, Format, KnownFormat, Signature } from './formats/format.ts';
export { formats as builtinFormats } from './formats/table.ts';
export type { CanaryState, Decision, GateReason } from './gate/decision.ts';
export { decisionText } from './gate/decision-text.ts';
export {
  type DecideOptions,
  decide,
  type GateOptions,
  gate,
  gateTar,
  type TarGateOptions,
} from './gate/gate.ts';
export { PathList } from './gate/path-list.ts';
export {
  type Action,
  type Actions,
  type Canary,
  defaultGatePolicy,
  type FileRule,
  type GateLimits,
  type GatePolicy,
  type Kind,
} from './gate/policy.ts';
export { PolicyError } from './gate/policy-error.ts';
export { readPolicy } from './gate/read-policy.ts';
export { type ApplyOptions, applyPlan } from './gate/restore/apply.ts';
export { ApplyError } from './gate/restore/apply-error.ts';
export type { ApplyLine } from './gate/restore/apply-line.ts';
export { type PlanOptions, plan } from './gate/restore/plan.ts';
export { PlanError } from './gate/restore/plan-error.ts';
export { readPlan } from './gate/restore/plan-file.ts';
export type { MissingLine, PlanLine, RestoreLine } from './gate/restore/plan-line.ts';
export type { GatedFile } from './gate/tally.ts';
export type { Attack } from './gate/timeline/attack.ts';
export type { Counts as SnapshotCounts } from './gate/timeline/census.ts';
export type { History, Version as FileVersion } from './gate/timeline/history.ts';
export type { TimelineOptions, TimelineProgress } from './gate/timeline/options.ts';
export { type Notice as SnapshotNotice, type Snapshot, SnapshotError } from './gate/timeline/snapshot.ts';
export { type Timeline, timeline } from './gate/timeline/timeline.ts';
export { type TimelineLine, timelineLines } from './gate/timeline/timeline-line.ts';
export { Ledger } from './ledger/ledger.ts';
export type { MemberOutcome, Observation } from './ledger/observation.ts';
export type { Segment, State } from './ledger/segment.ts';
export type { Proof, Texture, Verdict } from './ledger/terms.ts';
export type {
  EndLine,
  FileLine,
  ImageLine,
  IncidentLine,
  ReportedExtent,
  ReportedLayout,
  ReportedMark,
  ReportedOrigin,
  ReportedPath,
  ReportedRange,
  ReportLine,
  ScanLine,
  SkippedLine,
  SpaceLine,
  UnreadLine,
  VolumeLine,
} from './report/line.ts';
export type { Item, ItemKind } from './salvage/item.ts';
export { SafeFolder, type Saved, UnsafeFolder } from './salvage/safe-folder.ts';
export {
  defaultSalvageLimits,
  findSalvageable,
  type Salvageable,
  type SalvageableItem,
  type SalvagedItem,
  type SalvageEnd,
  type SalvageLimits,
  type SalvageOptions,
  salvage,
} from './salvage/salvage.ts';
export { CacheError } from './scan/cache/cache-file.ts';
export type { CacheOptions } from './scan/cache/cache-options.ts';
export { CrewError } from './scan/crew.ts';
export type { ScanOptions } from './scan/options.ts';
export { scan, scanToText } from './scan/scan.ts';
export { scanTar, scanTarToText, type TarScanOptions } from './scan/scan-tar.ts';
export type { Progress } from './scan/tally.ts';
export type { Family, Mark } from './signs/marks/family.ts';
export { builtinMarks, Marks, marksWith } from './signs/marks/marks.ts';
export { MarksError, parseFamilies } from './signs/marks/parse.ts';
export { MissingRoot, type RootPath } from './sources/folders/roots.ts';
export type { Container, ContainerOptions, Notice, Piece } from './sources/images/container.ts';
export type {
  Entry,
  EntryOptions,
  Extent,
  FileSystem,
  KnownVolume,
  Times,
} from './sources/images/file-system.ts';
export { type Image, type ImageVolume, openImage, type VolumeContent } from './sources/images/open-image.ts';
export type { Volume, VolumeTable } from './sources/images/volumes.ts';
export type { SpoolLimits } from './sources/streams/spool.ts';
export { NoTar } from './sources/streams/tar-stream.ts';
export type { Evidence, Identity, RandomRun } from './verdict/evidence.ts';
export { type Judgement, judge } from './verdict/judge.ts';
export { defaultPolicy, type Policy, type RestoreAdvice } from './verdict/policy.ts';
export type { Reason } from './verdict/rule.ts';
export type { Scheme } from './verdict/scheme.ts';
