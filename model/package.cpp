#include "model/package.h"

#include <string>

namespace nandtlm {

Package::Package(sc_core::sc_module_name name, std::shared_ptr<const Device> device)
    : sc_core::sc_module(name), device_(std::move(device)), hub_(*device_), agenda_("agenda") {
  const Topology& topology = device_->topology;
  const PackageContext context{*device_, state_, hub_, agenda_, die_list_};
  for (std::uint32_t c = 0; c < topology.channels; ++c) {
    channels_.push_back(std::make_unique<Channel>(("channel" + std::to_string(c)).c_str(), c, *device_));
  }
  for (std::uint32_t d = 0; d < topology.dies; ++d) {
    const std::uint32_t c = topology.channel_of(d);
    Channel& channel = *channels_[c];
    const std::string die_name = "die" + std::to_string(d);
    dies_.push_back(std::make_unique<Die>(die_name.c_str(), d, c, channel.bus(), context));
    die_list_.push_back(dies_.back().get());
    channel.die_socket(d % topology.dies_per_channel()).bind(dies_.back()->socket);
    for (std::uint32_t p = 0; p < topology.planes; ++p) {
      planes_.push_back(std::make_unique<Plane>((die_name + "_plane" + std::to_string(p)).c_str()));
      dies_.back()->array().socket(p).bind(planes_.back()->socket);
    }
  }
  // Where a scheduler drives the package, it puts its own answer here.
  hub_.self_check().set_backlog_probe([this](std::uint32_t d, Family) { return dies_[d]->retries_blocking(); });
}

Package::~Package() = default;

}  // namespace nandtlm
