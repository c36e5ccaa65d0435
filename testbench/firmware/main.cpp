// Two packages in one simulation, each driven by a small firmware: one with b_transport, one with nb_transport.
// Usage: nandtlm_firmware [device.yaml]. Exit status 0: both passed, 1: not, 2: the device file has errors.
#include <exception>
#include <iostream>
#include <memory>
#include <systemc>

#include "config/device_loader.h"
#include "testbench/firmware/blocking_firmware.h"
#include "testbench/firmware/nonblocking_firmware.h"

namespace {

bool report(const nandtlm::Firmware& firmware) {
  std::cout << firmware.basename() << ": " << (firmware.passed() ? "passed" : "FAILED") << '\n';
  for (const std::string& problem : firmware.problems()) std::cout << "  " << problem << '\n';
  if (!firmware.passed() && firmware.problems().empty()) std::cout << "  the story did not come to its end\n";
  return firmware.passed();
}

int run(const std::string& device_file) {
  nandtlm::LoadedDevice loaded = nandtlm::load_device(device_file);
  for (const nandtlm::ConfigError& error : loaded.errors) std::cerr << error.text() << '\n';
  if (!loaded.device) return 2;
  const auto device = std::make_shared<const nandtlm::Device>(std::move(*loaded.device));

  nandtlm::Package blocking_package("blocking_package", device);
  nandtlm::Package nonblocking_package("nonblocking_package", device);
  nandtlm::BlockingFirmware blocking("blocking_firmware", blocking_package);
  nandtlm::NonBlockingFirmware nonblocking("nonblocking_firmware", nonblocking_package);
  blocking.bind_all();
  nonblocking.bind_all();

  sc_core::sc_start();  // ends when nothing is left to happen

  const bool first = report(blocking);
  const bool second = report(nonblocking);
  return first && second ? 0 : 1;
}

}  // namespace

int sc_main(int argc, char** argv) {
  try {
    return run(argc > 1 ? argv[1] : NANDTLM_EXAMPLE_DEVICE);
  } catch (const std::exception& error) {
    std::cerr << "nandtlm_firmware: " << error.what() << '\n';
    return 2;
  }
}
