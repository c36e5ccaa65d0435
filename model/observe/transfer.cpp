// The state of the observers in a snapshot (SNP-01). Attached sinks are their owners' business.
#include "model/observe/observer_hub.h"
#include "tlm/state_archive.h"

namespace nandtlm {

void ObserverHub::transfer(StateArchive& archive) {
  archive.mark("observers");
  archive(metrics_, self_check_);
}

void ObserverHub::begin_anew(const Device& device) {
  StateArchive fresh;
  ObserverHub(device).transfer(fresh);
  StateArchive archive(fresh.bytes());
  transfer(archive);
}

}  // namespace nandtlm
