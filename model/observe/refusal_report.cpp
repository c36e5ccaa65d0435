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
  const auto& entries = die.stack(effects.controls).entries();
  if (!entries.empty()) {
    const Op& op = *entries.back().op;
    error.uid = op.info.uid;
    error.remaining = op.nominal - (op.pieces.empty() ? op.executed : op.pieces.back().to);
  }
  trace.resume_failed(error, now);
}

}  // namespace nandtlm
