//! The page with the saves of the profile.

use super::super::message::Effect;
use super::super::model::{Dialog, FoundSaves, HistoryPage, Model, PageSaves, RequestId, Scroll};

impl Model {
    /// `h` opens the page. The saves follow when the history has been read.
    pub(super) fn open_history(&mut self) -> Vec<Effect> {
        let Some(session) = &self.session else { return Vec::new() };
        let subject = (!session.is_demo()).then(|| session.subject());
        let request = self.next_request();
        let saves = if subject.is_some() { PageSaves::Asked(request) } else { PageSaves::OfThisRun };
        self.dialog = Some(Dialog::History(HistoryPage { saves, scroll: Scroll::default() }));
        subject.map(|subject| Effect::ReadHistory(request, subject)).into_iter().collect()
    }

    /// The history has been read. The answer is dropped if the page was closed or opened again meanwhile.
    pub(super) fn history_read(
        &mut self,
        request: RequestId,
        result: Result<FoundSaves, String>,
    ) -> Vec<Effect> {
        if let Some(Dialog::History(HistoryPage { saves, .. })) = &mut self.dialog
            && matches!(saves, PageSaves::Asked(asked) if *asked == request)
        {
            *saves = result.map_or_else(PageSaves::Failed, PageSaves::Read);
        }
        Vec::new()
    }
}
