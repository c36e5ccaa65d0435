// Telling of a refusal: one place for schedulers and dies alike.
#pragma once

#include "model/die/resource_manager.h"

namespace nandtlm {

/// Tells `trace` of the refused request; a RESUME also goes to the record of resume errors (SUS-10, MET-01).
void report_refusal(TraceSink& trace, const Device& device, const ResourceManager& die, const Request& request,
                    const Refusal& refusal, Time now);

}  // namespace nandtlm
