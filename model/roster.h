// Who takes part, numbered: so that state can name them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "tlm/state_archive.h"

namespace nandtlm {

/// Clients of one kind in the order in which they were enrolled, which is the same in every process.
template <typename Client>
class Roster {
 public:
  void enroll(Client& client) { clients_.push_back(&client); }

  /// A pointer to a client as a part of somebody's state. Throws StateError for one that did not enroll.
  void link(StateArchive& archive, Client*& client) const {
    auto place = static_cast<std::uint64_t>(std::find(clients_.begin(), clients_.end(), client) - clients_.begin());
    archive(place);
    if (place >= clients_.size()) throw StateError("somebody has work under way who cannot be part of a snapshot");
    client = clients_[place];
  }

 private:
  std::vector<Client*> clients_;
};

}  // namespace nandtlm
