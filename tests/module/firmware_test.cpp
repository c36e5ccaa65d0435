// The example firmwares on packages, with protocol checkers in between.
#include "testbench/firmware/blocking_firmware.h"
#include "testbench/firmware/nonblocking_firmware.h"
#include "tests/module/package_bench.h"

namespace nandtlm {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A package, a firmware and a checker on each of its channels.
template <typename SomeFirmware>
struct FirmwareRig {
  FirmwareRig(const std::string& name, const std::shared_ptr<const Device>& device)
      : package((name + "_package").c_str(), device), firmware(name.c_str(), package) {
    for (std::size_t c = 0; c < package.channels(); ++c) {
      checkers.push_back(std::make_unique<ProtocolChecker>((name + "_checker" + std::to_string(c)).c_str()));
      firmware.socket(c).bind(checkers[c]->target_socket);
      checkers[c]->initiator_socket.bind(package.channel_socket(c));
    }
  }
  void expect_sound() const {
    for (const auto& checker : checkers) {
      EXPECT_THAT(checker->violations(), IsEmpty());
      EXPECT_THAT(checker->in_flight(), IsEmpty());
    }
    for (const CheckLine& line : package.observers().self_check().report()) {
      EXPECT_TRUE(line.pass) << line.name << ": " << line.detail;
    }
    EXPECT_EQ(package.observers().metrics().counters().suspends, 1);
    EXPECT_EQ(package.observers().metrics().counters().resumes, 1);
  }

  Package package;
  SomeFirmware firmware;
  std::vector<std::unique_ptr<ProtocolChecker>> checkers;
};

class FirmwareTest : public SystemCTest, public ::testing::WithParamInterface<const char*> {};

// TLM-02, TLM-03, TLM-05: a client with nothing but the sockets, blocking and non-blocking, two packages side by side.
TEST_P(FirmwareTest, StoriesPass) {
  const auto device = shipped_device(GetParam());
  FirmwareRig<BlockingFirmware> blocking("blocking", device);
  FirmwareRig<NonBlockingFirmware> nonblocking("nonblocking", device);
  sc_core::sc_start();
  EXPECT_TRUE(blocking.firmware.passed());
  EXPECT_THAT(blocking.firmware.problems(), IsEmpty());
  EXPECT_TRUE(nonblocking.firmware.passed());
  EXPECT_THAT(nonblocking.firmware.problems(), IsEmpty());
  blocking.expect_sound();
  nonblocking.expect_sound();
}
INSTANTIATE_TEST_SUITE_P(Devices, FirmwareTest, ::testing::Values("small_2plane.yaml", "tlc_4plane.yaml"),
                         [](const auto& device) { return std::string(device.param, std::strcspn(device.param, ".")); });

class BrokenFirmwareTest : public SystemCTest {};

// The stories can fail: a package that keeps no data is noticed.
TEST_F(BrokenFirmwareTest, LostDataIsNoticed) {
  const auto device = shipped_device("small_2plane.yaml", {{"policies.store_data", "false"}});
  FirmwareRig<BlockingFirmware> blocking("blocking", device);
  FirmwareRig<NonBlockingFirmware> nonblocking("nonblocking", device);
  sc_core::sc_start();
  EXPECT_FALSE(blocking.firmware.passed());
  EXPECT_THAT(blocking.firmware.problems(), Contains(HasSubstr("does not hold what was programmed")));
  EXPECT_FALSE(nonblocking.firmware.passed());
  EXPECT_THAT(nonblocking.firmware.problems(), Contains(HasSubstr("does not hold what was programmed")));
}

// The stories can fail: refusals are told with their reason.
TEST_F(BrokenFirmwareTest, RefusalsAreTold) {
  const auto device = shipped_device("small_2plane.yaml", {{"policies.min_progress_us", "100000"}});
  FirmwareRig<BlockingFirmware> blocking("blocking", device);
  FirmwareRig<NonBlockingFirmware> nonblocking("nonblocking", device);
  sc_core::sc_start(sc_core::sc_time(100, sc_core::SC_MS));
  EXPECT_FALSE(blocking.firmware.passed());
  EXPECT_THAT(blocking.firmware.problems(), Contains(HasSubstr("suspend_too_soon")));
  EXPECT_FALSE(nonblocking.firmware.passed());
  EXPECT_THAT(nonblocking.firmware.problems(), Contains(HasSubstr("suspend_too_soon")));
}

}  // namespace
}  // namespace nandtlm
