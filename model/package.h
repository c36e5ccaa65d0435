// A multi-die NAND package: channels, dies and planes, one target socket per channel.
#pragma once

#include <memory>
#include <systemc>
#include <vector>

#include "config/device.h"
#include "model/channel/channel.h"
#include "model/die/die.h"
#include "model/observe/observer_hub.h"
#include "tlm/socket_binder.h"

namespace nandtlm {

/// The whole device as one module. Several packages in one simulation share nothing (TLM-05).
///
/// Bind one initiator per channel: a nandtlm::Scheduler, or a client of your own that sends tlm_generic_payload with a
/// NandCommand extension. Die d sits on channel d / (dies / channels).
class Package : public sc_core::sc_module {
 public:
  /// `device` is kept alive by the package. `bind` connects the sockets inside: channels to dies, dies to planes.
  Package(sc_core::sc_module_name name, std::shared_ptr<const Device> device, const SocketBinder& bind = bind_directly);
  ~Package() override;

  tlm::tlm_target_socket<>& channel_socket(std::size_t channel) { return channels_[channel]->socket; }
  std::size_t channels() const { return channels_.size(); }

  const Device& device() const { return *device_; }
  Die& die(std::size_t number) { return *dies_[number]; }
  const Die& die(std::size_t number) const { return *dies_[number]; }
  /// Where the model tells what happens; attach sinks before the simulation starts.
  ObserverHub& observers() { return hub_; }
  const ObserverHub& observers() const { return hub_; }
  /// What is to happen in this package, for who wants to take part (a scheduler).
  Agenda& agenda() { return agenda_; }
  const Agenda& agenda() const { return agenda_; }
  /// Live operations: accepted and not yet ended.
  PackageState& state() { return state_; }

  /// SNP-01: all of it, between two instants. Only a package whose one initiator is a Scheduler can be saved: what
  /// other clients keep is not known here. Throws StateError where they have transactions open.
  void transfer(StateArchive& archive);

 private:
  std::shared_ptr<const Device> device_;
  ObserverHub hub_;
  PackageState state_;
  Agenda agenda_;
  std::vector<std::unique_ptr<Channel>> channels_;
  std::vector<Die*> die_list_;
  std::vector<std::unique_ptr<Die>> dies_;
};

}  // namespace nandtlm
