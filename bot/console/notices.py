"""What is said on the page after a form has done its work, by the word in its address."""

from bot.console.catalogue import N_

NOTICES = {
    "signed-out": N_("You are signed out."),
    "replied": N_("Your reply is on its way."),
    "noted": N_("The note is saved."),
    "changed": N_("The change is saved."),
    "taken": N_("You have taken the conversation over. The assistant no longer answers in it."),
    "said": N_("Your message is on its way."),
    "released": N_("The conversation is with the assistant again."),
    "view-saved": N_("The view is saved."),
    "view-deleted": N_("The view is deleted."),
    "bulk": N_("The selected inquiries have been changed."),
    "bulk-none": N_("Nothing was selected."),
    "bulk-some": N_("Some of the selected inquiries could not be changed, as their state does not allow it."),
    "password": N_("The new password is saved. You are signed out everywhere else."),
    "others-ended": N_("You are signed out everywhere else."),
    "factor-off": N_("The second factor is switched off."),
    "proposed": N_("The proposal is saved. It will be learnt with the next training."),
    "dismissed": N_("These questions will not be shown again."),
    "dropped": N_("The proposal has been taken back. Its questions are open again."),
    "training": N_("The training has begun. It takes a few minutes; the assistant keeps answering."),
    "language": N_("The language is saved."),
}
"""Only these can be shown: an address cannot put words into our mouth."""
