"""What each fault of a simulator does, in a technician's words, by family and name."""

from collections.abc import Mapping

from kiosk.application.word import Word

_UNPLUGGED = Word("It is switched off or its cable is out.")
_NONSENSE = Word("It answers what fits no manual.")
FAULTS: Mapping[str, Mapping[str, Word]] = {
    "printer": {
        "paper_out": Word("The roll is empty."),
        "paper_out_mid_job": Word("The roll ends in the middle of a ticket."),
        "near_end": Word("The roll ends soon; it still prints."),
        "cover_open": Word("The cover is open."),
        "jam": Word("Paper is stuck at the cutter."),
        "mute": Word("It answers nothing."),
        "unplugged": Word("The cable is out."),
        "offline": Word("Somebody pressed its button."),
        "too_hot": Word("The print head is too hot."),
        "broken": Word("A part is broken."),
        "nonsense": _NONSENSE,
        "slow": Word("It prints slowly."),
        "lost_answer": Word("The paper comes out, the answer does not."),
        "lost_job": Word("Neither paper nor answer comes out."),
    },
    "payment_device": {
        "declined": Word("The bank says no; no money moves."),
        "cancelled_by_customer": Word("The customer presses the red key; no money moves."),
        "slow": Word("It takes long before it decides."),
        "mute": Word("It charges and never answers."),
        "answer_lost_before_charge": Word("The line drops before the money moves."),
        "answer_lost_after_charge": Word("The line drops after the money moved."),
        "late_approval_after_decline": Word("It says no, and the money moves all the same, later."),
        "late_approval_after_timeout": Word("It does not answer in time, and the money moves later."),
        "late_decline_after_timeout": Word("It does not answer in time, and later it says no."),
        "abort_ignored": Word("It goes on after being stopped, and charges."),
        "query_lost": Word("Questions about earlier payments are not answered."),
        "reversal_lost_before": Word("A reversal is lost on its way; nothing is given back."),
        "reversal_lost_after": Word("A reversal is done and its answer lost."),
        "reversal_refused": Word("It refuses to give back."),
        "not_reachable": _UNPLUGGED,
        "no_host": Word("It cannot reach the bank and refuses every payment."),
        "needs_end_of_day": Word("It wants its end of day and refuses every payment."),
        "updating": Word("It loads new software and refuses every payment."),
        "tampered": Word("It says that it was opened; it takes no card any more."),
        "out_of_paper": Word("Its own receipt cannot be printed; payments go on."),
    },
    "cash": {
        "jam": Word("A note sticks until the fault ends; then it comes back."),
        "stacked_unanswered": Word("The piece is taken and the answer lost."),
        "returned_unanswered": Word("The piece comes back and the answer is lost."),
        "short_dispense": Word("One piece of the change less comes out."),
        "dispense_unanswered": Word("The change comes out and the answer is lost."),
        "no_change": Word("There is no change in it."),
        "cashbox_full": Word("The box is full; nothing is taken in."),
        "cashbox_removed": Word("The box is out; nothing is taken in."),
        "acceptor_broken": Word("The note reader is broken; nothing is taken in."),
        "not_reachable": _UNPLUGGED,
    },
    "scanner": {
        "not_reachable": _UNPLUGGED,
        "blind": Word("The window is dirty: it answers but reads nothing."),
        "nonsense": _NONSENSE,
        "garbled": Word("What is read arrives garbled."),
    },
    "card_reader": {
        "service_absent": Word("The card service does not run; no card is seen."),
        "unplugged": Word("It is unplugged; a card on it is gone."),
        "nonsense": _NONSENSE,
        "mute_cards": Word("Cards are seen and answer nothing."),
    },
    "display": {"not_reachable": _UNPLUGGED},
}
