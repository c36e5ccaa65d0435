// One die: the device's truth. Carries out transactions step by step, cuts, keeps and resumes.
#pragma once

#include <array>
#include <memory>
#include <systemc>
#include <tlm>
#include <unordered_map>
#include <vector>

#include "model/agenda.h"
#include "model/die/array_port.h"
#include "model/die/planning_if.h"
#include "model/observe/observer_hub.h"
#include "model/plane/plane.h"
#include "tlm/nand_command.h"
#include "tlm/phases.h"
#include "tlm/row_address.h"
#include "tlm/socket_binder.h"

namespace nandtlm {

/// What the dies and channels of one package look at together.
struct PackageContext {
  const Device& device;
  PackageState& state;
  ObserverHub& hub;
  Agenda& agenda;
  std::vector<class Die*>& dies;
};

/// A TLM-2.0 target for NAND commands, and the initiator towards its planes.
/// It has no process: the package's agenda calls it when one of its operations changes its step.
class Die : public sc_core::sc_module,
            private PlanningIf,
            private PlanOwner,
            private AgendaClient,
            private tlm::tlm_fw_transport_if<> {
 public:
  tlm::tlm_target_socket<> socket;
  sc_core::sc_export<PlanningIf> planning;

  Die(sc_core::sc_module_name name, std::uint32_t number, std::uint32_t channel, BusTimeline& bus,
      const PackageContext& package, const SocketBinder& bind);

  const ResourceManager& resources() const { return resources_; }
  /// Busy, cache free or ready, from the states on the planes in the mask (a status read).
  ReadyState ready_state(PlaneMask planes) const;
  /// What stands on a plane now: its op's base and state, or the END of its last op.
  PhaseKey phase_on(std::size_t plane) const;
  const PhaseKey& last_phase_on(std::size_t plane) const { return plane_last_[plane]; }
  /// Notes in `info` what the op meets at its proposal (columns phase_key_used and phase_key_virtual).
  void note_phases(OpInfo& info, PlaneMask touches) const;

  /// BKL-05: blocking clients wait for a start, and are tried again.
  bool retries_blocking() const { return retry_pending_; }

  /// RES-06: everything on this die is aborted, now; `reset_op` takes the die.
  void reset_by(Op& reset_op);
  void reset_by_ended(const Op& reset_op);

  /// Throws StateError where a client without a scheduler has something under way here.
  void transfer(StateArchive& archive);

 private:
  /// A b_transport that has not returned.
  struct BlockingCall {
    sc_core::sc_event done;
    bool finished = false;
    tlm::tlm_generic_payload* payload = nullptr;
    CalendarHandle start;
  };

  // Transport.
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override;
  bool take(tlm::tlm_generic_payload& payload, NandCommand* command);
  void take_later(tlm::tlm_generic_payload& payload, Time at);
  void take_held(std::uint32_t position);
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) override;
  unsigned transport_dbg(tlm::tlm_generic_payload& payload) override;
  bool get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi) override;
  bool to_request(tlm::tlm_generic_payload& payload, Request& request, NandCommand*& command) const;
  bool refuse_malformed(tlm::tlm_generic_payload& payload, NandCommand& command) const;
  bool complete_targets(const tlm::tlm_generic_payload& payload, Request& request) const;
  Op* admit(tlm::tlm_generic_payload& payload, NandCommand* command);
  Op* admit_planned(tlm::tlm_generic_payload& payload, NandCommand& command);
  Op* admit_now(tlm::tlm_generic_payload& payload);
  void answer_refusal(tlm::tlm_generic_payload& payload, const Request& request, const Verdict& verdict);
  bool tell(const Op& op, const tlm::tlm_phase& phase);
  void send(tlm::tlm_generic_payload& payload, tlm::tlm_phase phase);
  void send_held_back();
  /// TLM-04: the response status that fits a refusal.
  static tlm::tlm_response_status status_for(Reason reason);

  // Execution.
  void due(Turn turn, Op* op, std::uint32_t argument) override;
  void begin(Op& op, tlm::tlm_generic_payload& payload);
  void enter_step(Op& op, Time at);
  void leave_step(Op& op, Time at);
  void next_step(Op& op, Time at);
  void schedule(Op& op, Time at);
  void finish(Op& op, Time at);
  void finish_array(Op& op, Time at);
  void respond(Op& op, Reason outcome);
  void cut_by(const Op& suspend, Time at);
  void go_on_after(const Op& resume, Time at);
  void abort(Op& op, Time at);
  void stand_on_planes(const Op& op);
  void leave_planes(const Op& op);
  void reset_dies(Op& op);
  const Op* standing_on(std::size_t plane, State& state) const;

  // Planning for schedulers, and for blocking clients of its own.
  ResourceManager& planner() override;
  void reservation_revoked(Op& op, Time planned_start, Time suspend_end) override;
  void aborted_before_start(Op& op) override;
  Op& reserve_blocking(const Request& request, const Verdict& verdict, BlockingCall& call);
  void plan_start(Op& op, Time start);
  bool waits_in_line(Family family) const;
  void replan_blocking();
  void retry_blocking_later();
  void retry_blocking();
  void answer_unstarted(Op& op, const Refusal& refusal);

  const std::uint32_t number_;
  const std::uint32_t channel_;
  PackageContext package_;
  const Device& device_;
  ResourceManager resources_;
  ArrayPort array_;
  std::vector<std::unique_ptr<Plane>> planes_;
  AddressMap address_map_;
  /// What was to go upstream from within a forward call: sent after it, in order (IEEE 1666-2011, 11.1.2.4 c).
  struct HeldBack {
    tlm::tlm_generic_payload* payload = nullptr;  ///< with a reference
    tlm::tlm_phase phase;
    Op* ended = nullptr;  ///< the record that is free after this
  };
  std::vector<HeldBack> held_back_;
  bool in_forward_call_ = false;
  std::vector<tlm::tlm_generic_payload*> held_requests_;  ///< of a later moment; nullptr: free place
  std::array<const Op*, kMaxPlanes> plane_op_{};          ///< the running op that stands on the plane
  std::array<PhaseKey, kMaxPlanes> plane_last_{};
  std::unordered_map<Op*, BlockingCall*> blocking_;
  std::vector<Op*> waiting_blocking_;  ///< revoked by a SUSPEND, planned again after the RESUME; oldest first
  bool retry_pending_ = false;
  const Op* reset_op_ = nullptr;  ///< the reset that the die is busy with
};

}  // namespace nandtlm
