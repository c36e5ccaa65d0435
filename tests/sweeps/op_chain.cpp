#include "tests/sweeps/op_chain.h"

#include <stdexcept>

namespace nandtlm::test {
namespace {

/// A base, the bases before it on its page, and the two behind it: "+" stands for one page on, "&" for other blocks.
struct Row {
  const char* base;
  std::vector<std::string> before;
  std::vector<std::string> behind;
};

const std::vector<Row>& rows() {
  const std::string lsb = "ONESHOT_PROGRAM_LSB";
  const std::string csb = "ONESHOT_PROGRAM_CSB";
  const std::string msb = "ONESHOT_PROGRAM_MSB";
  const std::string exec = "ONESHOT_PROGRAM_EXEC_MSB";
  const std::string copy_lsb = "ONESHOT_COPYBACK_PROGRAM_LSB";
  const std::string copy_csb = "ONESHOT_COPYBACK_PROGRAM_CSB";
  const std::string copy_msb = "ONESHOT_COPYBACK_PROGRAM_MSB";
  const std::string copy_exec = "ONESHOT_COPYBACK_PROGRAM_EXEC_MSB";
  static const std::vector<Row> all = {
      {"ERASE", {}, {"&ERASE", "&ERASE"}},
      {"PROGRAM_SLC", {}, {"+PROGRAM_SLC", "+PROGRAM_SLC"}},
      {"ALLWL_PROGRAM", {}, {"&ALLWL_PROGRAM", "&ALLWL_PROGRAM"}},
      {"CACHE_PROGRAM_SLC", {}, {"+CACHE_PROGRAM_SLC", "+PROGRAM_SLC"}},
      {"ONESHOT_PROGRAM_LSB", {}, {csb, exec}},
      {"ONESHOT_PROGRAM_CSB", {lsb}, {msb, exec}},
      {"ONESHOT_PROGRAM_MSB", {lsb, csb}, {exec, "+" + lsb}},
      {"ONESHOT_PROGRAM_MSB_23H", {lsb, csb}, {"+" + lsb, csb}},
      {"ONESHOT_PROGRAM_EXEC_MSB", {lsb, csb, msb}, {"+" + lsb, csb}},
      {"ONESHOT_CACHE_PROGRAM", {lsb, csb}, {"+" + lsb, csb}},
      {"COPYBACK_PROGRAM_SLC", {}, {"+COPYBACK_PROGRAM_SLC", "+COPYBACK_PROGRAM_SLC"}},
      {"ONESHOT_COPYBACK_PROGRAM_LSB", {}, {copy_csb, copy_exec}},
      {"ONESHOT_COPYBACK_PROGRAM_CSB", {copy_lsb}, {copy_msb, copy_exec}},
      {"ONESHOT_COPYBACK_PROGRAM_MSB", {copy_lsb, copy_csb}, {copy_exec, "+" + copy_lsb}},
      {"ONESHOT_COPYBACK_PROGRAM_EXEC_MSB", {copy_lsb, copy_csb}, {"+" + copy_lsb, copy_csb}},
  };
  return all;
}

const Row& row_of(const std::string& base) {
  for (const Row& row : rows()) {
    if (base == row.base) return row;
  }
  throw std::runtime_error("no chain for " + base);
}

/// EPR-02: erased SLC also takes A0SLC and ACSLC.
std::string erased_as(const std::string& celltype) {
  return celltype == "A0SLC" || celltype == "ACSLC" ? "SLC" : celltype;
}

}  // namespace

const std::vector<std::string>& family_bases() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Row& row : rows()) all.emplace_back(row.base);
    return all;
  }();
  return names;
}

OpId find_op(const Device& device, const std::string& base, const std::string& celltype, bool multi) {
  for (std::size_t i = 0; i < device.ops.size(); ++i) {
    const OpSpec& spec = device.ops[i];
    const bool same_cells = celltype.empty() || device.celltypes[index(spec.celltype)] == celltype;
    if (device.base(spec.base).name == base && same_cells && spec.multi == multi) return static_cast<OpId>(i);
  }
  throw std::runtime_error("no op " + base + " " + celltype);
}

OpChain chain_of(const Device& device, OpId op) {
  const OpSpec& spec = device.op(op);
  const std::string& base = device.base(spec.base).name;
  const Row& row = row_of(base);
  const std::string celltype = device.celltypes[index(spec.celltype)];
  OpChain chain;
  chain.erase = find_op(device, "ERASE", erased_as(celltype), spec.multi);
  for (const std::string& name : row.before)
    chain.before.push_back({find_op(device, name, celltype, spec.multi), 0, 0});
  ChainLink last;
  for (const std::string& link : row.behind) {
    const bool new_page = link.front() == '+';
    const bool new_block = link.front() == '&';
    const std::string name = new_page || new_block ? link.substr(1) : link;
    last.op = name == base ? op : find_op(device, name, celltype, spec.multi);
    last.page += new_page ? 1 : 0;
    last.group += new_block ? 1 : 0;
    chain.behind.push_back(last);
  }
  return chain;
}

}  // namespace nandtlm::test
