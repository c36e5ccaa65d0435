// A bench outside the project: outside DEVICE.yaml
#include <tlm_utils/simple_initiator_socket.h>

#include <cstdio>
#include <memory>
#include <systemc>
#include <utility>

#include "config/device_loader.h"
#include "model/package.h"

namespace {

struct Bench : sc_core::sc_module {
  Bench(sc_core::sc_module_name module_name, const std::shared_ptr<const nandtlm::Device>& device)
      : sc_module(module_name), package("package", device), clients("client", package.channels()) {
    for (std::size_t i = 0; i < package.channels(); ++i) clients[i].bind(package.channel_socket(i));
  }
  nandtlm::Package package;
  sc_core::sc_vector<tlm_utils::simple_initiator_socket<Bench>> clients;
};

}  // namespace

int sc_main(int argc, char** argv) {
  if (argc != 2) return 2;
  nandtlm::LoadedDevice loaded = nandtlm::load_device(argv[1]);
  for (const nandtlm::ConfigError& error : loaded.errors) std::fprintf(stderr, "%s\n", error.text().c_str());
  if (!loaded.device) return 2;

  const auto device = std::make_shared<const nandtlm::Device>(std::move(*loaded.device));
  Bench bench("bench", device);
  sc_core::sc_start(1, sc_core::SC_US);
  std::printf("%s: %zu channels, %u dies, at %s\n", bench.package.name(), bench.package.channels(),
              device->topology.dies, sc_core::sc_time_stamp().to_string().c_str());
  return 0;
}
