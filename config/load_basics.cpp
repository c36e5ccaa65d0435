// topology, celltypes, policies.
#include <fmt/format.h>

#include <array>
#include <limits>

#include "config/device_sections.h"

namespace nandtlm {
namespace {

constexpr std::uint64_t kMaxDies = 1024;
constexpr std::uint64_t kMaxBlocksPerDie = 65536;
constexpr std::uint64_t kMaxBlocks = std::uint64_t{1} << 24;  ///< in the package: bounds the memory of block states
constexpr std::uint64_t kMaxPages = 65536;
constexpr std::uint64_t kMaxPageBytes = std::uint64_t{1} << 20;
constexpr std::uint64_t kMaxSpareBytes = 65536;
constexpr std::size_t kMaxCelltypes = std::numeric_limits<std::uint8_t>::max();

void require_count(MapReader& map, const char* key, std::uint32_t& value, Range range) {
  if (map.require(key) != nullptr) map.read(key, value, range);
}

void check_multiple(const YamlNode& node, LoadContext& context, const char* key, std::uint32_t value, const char* of,
                    std::uint32_t unit) {
  const YamlNode* at = node.find(key);
  if (at == nullptr || value % unit == 0) return;
  context.out.error(at->mark, join_path("topology", key),
                    fmt::format("{} is no multiple of {} = {}, expected one", value, of, unit));
}

}  // namespace

void read_topology(const YamlNode& node, LoadContext& context) {
  Topology& topology = context.device.topology;
  MapReader map(node, "topology", context.out);
  const std::size_t errors = context.out.error_count();
  map.read("channels", topology.channels, {1, kMaxDies});
  require_count(map, "dies", topology.dies, {1, kMaxDies});
  require_count(map, "planes", topology.planes, {1, kMaxPlanes});
  require_count(map, "blocks_per_die", topology.blocks_per_die, {1, kMaxBlocksPerDie});
  require_count(map, "pages_per_block", topology.pages_per_block, {1, kMaxPages});
  map.read("page_bytes", topology.page_bytes, {1, kMaxPageBytes});
  map.read("spare_bytes", topology.spare_bytes, {0, kMaxSpareBytes});
  map.reject_unknown();
  if (context.out.error_count() != errors) return;
  check_multiple(node, context, "dies", topology.dies, "channels", topology.channels);
  check_multiple(node, context, "blocks_per_die", topology.blocks_per_die, "planes", topology.planes);
  const std::uint64_t blocks = std::uint64_t{topology.dies} * topology.blocks_per_die;
  if (blocks > kMaxBlocks) {
    context.out.error(node.find("blocks_per_die")->mark, "topology.blocks_per_die",
                      fmt::format("{} blocks in the package, expected at most {}", blocks, kMaxBlocks));
  }
}

void read_celltypes(const YamlNode& node, LoadContext& context) {
  if (!expect_list(node, "celltypes", context.out)) return;
  std::vector<std::string>& celltypes = context.device.celltypes;
  for (const YamlNode& item : node.items) {
    const std::optional<std::string> name = read_name(item, "celltypes", context.out);
    if (!name) continue;
    if (!context.celltypes.add(*name, celltypes.size())) {
      context.out.error(item.mark, "celltypes", fmt::format("{} is given twice, expected it once", describe(item)));
      continue;
    }
    if (celltypes.size() == kMaxCelltypes) {
      context.out.error(item.mark, "celltypes", fmt::format("too many, expected at most {}", kMaxCelltypes));
      return;
    }
    celltypes.push_back(*name);
  }
  if (node.items.empty())
    context.out.error(node.mark, "celltypes", "the list is empty, expected at least one cell type");
}

namespace {

struct GeneratorPolicy {
  const char* key;
  void (*check)(const YamlNode&, const std::string&, Diagnostics&);
};

void check_count_from_1(const YamlNode& node, const std::string& path, Diagnostics& out) {
  read_count(node, path, out, {1, 1'000'000});
}
void check_fraction(const YamlNode& node, const std::string& path, Diagnostics& out) {
  read_real(node, path, out, 0, 1);
}
void check_bool(const YamlNode& node, const std::string& path, Diagnostics& out) {
  read_bool(node, path, out);
}
void check_map(const YamlNode& node, const std::string& path, Diagnostics& out) {
  expect_map(node, path, out);
}

// Read by the generator only.
constexpr std::array<GeneratorPolicy, 7> kGeneratorPolicies = {{{"topN", check_count_from_1},
                                                                {"epsilon_greedy", check_fraction},
                                                                {"maxplanes", check_count_from_1},
                                                                {"maxloop_seq", check_count_from_1},
                                                                {"maxtry_candidate", check_count_from_1},
                                                                {"split_dout_per_plane", check_bool},
                                                                {"suspend_policy", check_map}}};

}  // namespace

void read_policies(const YamlNode& node, LoadContext& context) {
  Policies& policies = context.device.policies;
  MapReader map(node, "policies", context.out);
  map.read_time("admission_window", policies.admission_window);
  map.read_time("queue_refill_period_us", policies.queue_refill_period, 1);
  map.read_time("backlog_retry_delay_us", policies.backlog_retry_delay, 1);
  map.read_time("min_progress_us", policies.min_progress);
  map.read("max_suspends_per_op", policies.max_suspends_per_op, {});
  map.read_time("sequence_gap", policies.sequence_gap);
  map.read("store_data", policies.store_data);
  for (const GeneratorPolicy& policy : kGeneratorPolicies) {
    const YamlNode* value = map.find(policy.key);
    if (value == nullptr) continue;
    policy.check(*value, map.path_of(policy.key), context.out);
    keep_verbatim(*value, map.path_of(policy.key), context);
  }
  map.reject_unknown();
}

}  // namespace nandtlm
