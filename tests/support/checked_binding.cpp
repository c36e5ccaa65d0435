#include "tests/support/checked_binding.h"

namespace nandtlm::test {
namespace {

void append(std::vector<std::string>& all, const std::vector<std::string>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

}  // namespace

SocketBinder CheckedBinding::inside() {
  return [this](tlm::tlm_initiator_socket<>& from, tlm::tlm_target_socket<>& to) { bind_checked(from, to); };
}

void CheckedBinding::bind(Scheduler& scheduler, Package& package) {
  for (std::size_t channel = 0; channel < package.channels(); ++channel) {
    bind_checked(scheduler.socket(channel), package.channel_socket(channel));
  }
}

void CheckedBinding::bind_checked(tlm::tlm_initiator_socket<>& from, tlm::tlm_target_socket<>& to) {
  const std::string name = prefix_ + "checker" + std::to_string(checkers_.size());
  checkers_.push_back(std::make_unique<ProtocolChecker>(name.c_str()));
  from.bind(checkers_.back()->target_socket);
  checkers_.back()->initiator_socket.bind(to);
}

std::vector<std::string> CheckedBinding::violations() const {
  std::vector<std::string> all;
  for (const auto& checker : checkers_) append(all, checker->violations());
  return all;
}

std::vector<std::string> CheckedBinding::in_flight() const {
  std::vector<std::string> all;
  for (const auto& checker : checkers_) append(all, checker->in_flight());
  return all;
}

std::uint64_t CheckedBinding::transactions() const {
  std::uint64_t seen = 0;
  for (const auto& checker : checkers_) seen += checker->transactions();
  return seen;
}

}  // namespace nandtlm::test
