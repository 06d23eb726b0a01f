//! What `login`, `profiles` and `logout` share: they change profiles one after the other.

use super::interrupt::Interrupts;
use super::{Console, Failure};
use crate::agents::{ChangeLock, Environment, run_blocking};

/// The right to change profiles. Where another run has it, the user is told, and it is waited for.
///
/// # Errors
/// The state directory cannot be used, or Ctrl-C.
pub(super) async fn take_lock(
    environment: &Environment,
    interrupts: &Interrupts,
    console: &mut Console<'_>,
) -> Result<ChangeLock, Failure> {
    if let Some(lock) = ChangeLock::try_take(environment)? {
        return Ok(lock);
    }
    console.tell("waiting for another convrating login");
    let environment = environment.clone();
    Ok(interrupts.race(run_blocking(move || ChangeLock::take(&environment))).await??)
}
