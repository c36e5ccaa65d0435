#include "model/package.h"

#include <string>

namespace nandtlm {

Package::Package(sc_core::sc_module_name name, std::shared_ptr<const Device> device, const SocketBinder& bind)
    : sc_core::sc_module(name), device_(std::move(device)), hub_(*device_), agenda_("agenda", device_->topology.dies) {
  const Topology& topology = device_->topology;
  const PackageContext context{*device_, state_, hub_, agenda_, die_list_};
  const std::uint32_t dies_per_channel = topology.channels == 0 ? 0 : topology.dies_per_channel();
  for (std::uint32_t c = 0; c < topology.channels; ++c) {
    channels_.push_back(std::make_unique<Channel>(("channel" + std::to_string(c)).c_str(), c, *device_));
    Channel& channel = *channels_.back();
    for (std::uint32_t i = 0; i < dies_per_channel; ++i) {
      const std::uint32_t d = c * dies_per_channel + i;
      dies_.push_back(std::make_unique<Die>(("die" + std::to_string(d)).c_str(), d, c, channel.bus(), context, bind));
      die_list_.push_back(dies_.back().get());
      bind(channel.die_socket(i), dies_.back()->socket);
    }
  }
  // Where a scheduler drives the package, it puts its own answer here.
  hub_.self_check().set_backlog_probe([this](std::uint32_t d, Family) { return dies_[d]->retries_blocking(); });
}

Package::~Package() = default;

}  // namespace nandtlm
