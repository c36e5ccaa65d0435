#include "model/observe/refusal_report.h"

namespace nandtlm {

void report_refusal(TraceSink& trace, const Device& device, const ResourceManager& die, const Request& request,
                    const Refusal& refusal, Time now) {
  RefusedRequest refused;
  refused.op = request.op;
  refused.die = request.die;
  refused.targets = request.targets;
  refused.wanted_start = std::max(now, request.not_before);
  refused.refusal = refusal;
  trace.request_refused(refused, now);

  const Effects& effects = device.base_of(request.op).effects;
  if (effects.action != Action::Resume) return;
  ResumeError error;
  error.family = effects.controls;
  error.die = request.die;
  error.refusal = refusal;
  error.wanted_start = refused.wanted_start;
  // What the RESUME would have popped at its wanted start. What another RESUME is planned for is not its own any more.
  const Suspension* newest = die.stack(effects.controls).top();
  if (newest != nullptr && newest->at <= error.wanted_start) {
    const Op& op = *newest->op;
    error.uid = op.info.uid;
    error.remaining = op.nominal - (op.pieces.empty() ? op.executed : op.pieces.back().to);
  }
  trace.resume_failed(error, now);
}

}  // namespace nandtlm
