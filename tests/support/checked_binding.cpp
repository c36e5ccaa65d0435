#include "tests/support/checked_binding.h"

namespace nandtlm::test {
namespace {

void append(std::vector<std::string>& all, const std::vector<std::string>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

}  // namespace

CheckedBinding::CheckedBinding(Scheduler& scheduler, Package& package, const std::string& prefix) {
  for (std::size_t channel = 0; channel < package.channels(); ++channel) {
    const std::string name = prefix + "checker" + std::to_string(channel);
    checkers_.push_back(std::make_unique<ProtocolChecker>(name.c_str()));
    scheduler.socket(channel).bind(checkers_.back()->target_socket);
    checkers_.back()->initiator_socket.bind(package.channel_socket(channel));
  }
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

}  // namespace nandtlm::test
