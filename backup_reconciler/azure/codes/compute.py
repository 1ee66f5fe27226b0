"""The codes with which Compute refuses to run a script in a VM, in words: what each means, and what to do.

Source: Microsoft Learn, "Run scripts in a VM by using managed Run Commands" and "Troubleshoot Azure VM extension
failures".
"""

EXPLAINED = {
    "OperationNotAllowed": (
        "the VM does not run, or has 25 run commands already, which is the most it may have",
        "start the VM, or delete run commands of it that nobody needs, then run again",
    ),
    "VMAgentStatusCommunicationError": (
        "the VM's agent does not answer, so nobody took the script",
        "see that the VM has started and its agent runs and reaches 168.63.129.16, then run again",
    ),
    "VMExtensionProvisioningError": (
        "the script failed in the VM",
        "put right in the VM what it says, then run again",
    ),
}
