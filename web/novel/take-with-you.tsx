import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Download } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import type { ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import { addresses } from '../api.ts'
import { CopyField } from '../element/copy-field.tsx'
import { TakeForms } from './take-forms.tsx'
import { TakePodcast } from './take-podcast.tsx'
import '../element/dialog.css'
import './voice.css'
import './take.css'

interface TakeWithYouProps {
  readonly novel: Novel
  readonly chapters: readonly ChapterListed[]
}

/** The ways in which a novel leaves the house, over the page. */
export function TakeWithYou({ novel, chapters }: TakeWithYouProps) {
  return (
    <DialogTrigger>
      <Button className="voice-now">
        <Download size={20} aria-hidden="true" />
        <span>
          <strong>
            <Trans>Take with you</Trans>
          </strong>
          <span className="figures">
            <Trans>Audiobook, EPUB, podcast</Trans>
          </span>
        </span>
      </Button>
      <ModalOverlay className="veil" isDismissable>
        <Modal className="modal wide">
          <Dialog className="dialog take">
            {({ close }) => (
              <>
                <Heading slot="title">
                  <Trans>Take with you</Trans>
                </Heading>
                <TakeForms novel={novel} chapters={chapters} />
                <TakePodcast novel={novel} />
                <section aria-labelledby="take-shelf">
                  <h3 id="take-shelf">
                    <Trans>The whole shelf (OPDS)</Trans>
                  </h3>
                  <p className="soft">
                    <Trans>For reading apps that open a catalogue and fetch books from it.</Trans>
                  </p>
                  <CopyField label={t`Catalogue address`} value={location.origin + addresses.opds} />
                </section>
                <div className="dialog-actions">
                  <button type="button" className="button" onClick={close}>
                    <Trans>Close</Trans>
                  </button>
                </div>
              </>
            )}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  )
}
