import { fidelityNext, fidelityVerdict } from '../../wording/fidelity.ts';
import { modelProbe } from '../model-probe.ts';
import { ok, type Probe, problem, skip } from '../probe.ts';
import { withoutOfficial } from './compare.ts';

const ID = 'fidelity.model';

export const fidelityProbes: readonly Probe[] = [
  modelProbe({
    id: ID,
    severity: 'block',
    isLast: true,
    skipReason: (context) =>
      context.plan.fidelity ? withoutOfficial(context) : 'Only with check.fidelity: true in the config.',
    async run(model, { fidelity, plan }) {
      const report = await fidelity(model);
      if (report === null || report.comparisons.gateway.pairs === 0)
        return skip('No question was answered by both the gateway and the official API.');
      const { verdict } = report;
      const [found, next] = [fidelityVerdict(report), fidelityNext(report)];
      if (verdict === 'other-model') return problem(found, next);
      if (verdict === 'differs') return problem(found, next, { severity: 'warn' });
      // What says nothing is no proof for those who require one.
      const told = verdict === 'no-power' && plan.require.includes(ID) ? skip : ok;
      return told(`${found} ${next}`);
    },
  }),
];
