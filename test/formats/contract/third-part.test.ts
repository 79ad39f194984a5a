import { describeContract } from '../../support/contract.ts';

describeContract(2);
